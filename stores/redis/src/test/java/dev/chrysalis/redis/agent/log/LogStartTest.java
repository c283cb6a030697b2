package dev.chrysalis.redis.agent.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.redis.RedisServer;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogStartTest {
  private static final MemberId MEMBER = MemberId.parse("redis-0");
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  @TempDir Path data;

  private LogStart start() {
    Clock clock = Clock.systemUTC();
    RedisServer server = new RedisServer("localhost", 6379, "", Optional.empty(), Optional.empty());
    return new LogStart(
        ShipperSettings.of("redis", MEMBER, server, data, Optional.empty()),
        new AofFolder(data, new AofNames("a.aof", "aofs", "dump.rdb", ""), false),
        new LogEnds(VaultFixture.create(new MemoryBackend()), "redis", MEMBER, clock),
        clock,
        new Random());
  }

  @Test
  void aFileThatHoldsWhatIsNoCommandIsNotKeptOpen() throws IOException {
    Path file = Files.writeString(data.resolve("a.aof"), "this is no command");
    LogStart start = start();
    assertThatThrownBy(() -> start.fresh(ServerMoment.of(Map.of())))
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(LogShipment.isDamage(e)).isTrue());
    assertThat(opened(file)).isZero();
  }

  private static long opened(Path file) throws IOException {
    try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
      return descriptors.filter(each -> pointsTo(each, file)).count();
    }
  }

  private static boolean pointsTo(Path descriptor, Path file) {
    try {
      return Files.readSymbolicLink(descriptor).equals(file);
    } catch (IOException e) {
      // It was closed meanwhile.
      return false;
    }
  }
}
