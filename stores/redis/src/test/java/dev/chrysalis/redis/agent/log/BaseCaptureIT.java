package dev.chrysalis.redis.agent.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.archive.BaseFacts;
import dev.chrysalis.redis.archive.RestoreChoice;
import dev.chrysalis.redis.archive.RestoreSearch;
import dev.chrysalis.redis.server.RedisRelease;
import dev.chrysalis.redis.server.TestRedis;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

/// Bases of real servers, which are written to meanwhile.
final class BaseCaptureIT {
  private static final MemberId MEMBER = MemberId.parse("redis-0");

  private final VaultRepository vault =
      VaultRepository.create(
          new MemoryBackend(),
          VaultFixture.passphrase(),
          new SecureRandom(),
          Clock.systemUTC(),
          VaultOptions.defaults(),
          100);
  private final RestoreSearch search = new RestoreSearch(vault, "redis", Clock.systemUTC());

  @AfterEach
  void closeVault() {
    vault.close();
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void aBaseStandsInTheLogThatAShipperShips(RedisRelease release) {
    try (TestRedis server = TestRedis.create(release, "appendfsync no").start();
        NumberedWrites writes = new NumberedWrites(server, 5);
        RunningAofShipper shipper = new RunningAofShipper(vault, server, MEMBER)) {
      shipper.await(ShipEvent.BaseTaken.class, 1);
      writes.awaitMore(500);
      Snapshot base = capture(server, Duration.ofMinutes(1));
      writes.awaitMore(300);
      Instant until = Instant.now();
      writes.awaitMore(300);
      BaseFacts facts = BaseFacts.fromMap(base.facts());
      assertThat(facts.format()).isEqualTo(BaseFacts.Format.RDB);
      assertThat(facts.log())
          .contains(shipper.events(ShipEvent.Shipping.class).getLast().log().stream());
      writes.end();
      shipper.end();
      RestoreChoice choice = search.choose(Optional.empty());
      assertThat(choice.snapshot()).isEqualTo(base.id());
      try (RestoredCopy copy = new RestoredCopy(release, vault, choice)) {
        writes.assertHeldBy(copy.server(), until, Instant.now());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void whereNobodyShipsABaseComesWithItsOwnLog(RedisRelease release) {
    try (TestRedis server = TestRedis.create(release, "appendfsync no").start();
        NumberedWrites writes = new NumberedWrites(server, 6)) {
      writes.awaitMore(500);
      Instant before = Instant.now();
      Snapshot _ = capture(server, Duration.ZERO);
      writes.end();
      try (RestoredCopy copy = new RestoredCopy(release, vault, search.choose(Optional.empty()))) {
        writes.assertHeldBy(copy.server(), before, Instant.now());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void withoutAnAppendOnlyFileABaseStandsAloneAndNothingIsSwitchedOn(RedisRelease release) {
    try (TestRedis server = TestRedis.create(release, "appendonly no").start();
        Jedis client = server.client()) {
      client.set("a", "1");
      Snapshot base = capture(server, Duration.ofMinutes(1));
      client.set("b", "1");
      assertThat(BaseFacts.fromMap(base.facts()).log()).isEmpty();
      assertThat(client.configGet("appendonly")).containsEntry("appendonly", "no");
      try (RestoredCopy copy = new RestoredCopy(release, vault, search.choose(Optional.empty()));
          Jedis restored = copy.server().client()) {
        assertThat(restored.keys("*")).containsExactly("a");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void besideAReplicaNoBaseIsTaken(RedisRelease release) {
    try (TestRedis master = TestRedis.create(release).start();
        TestRedis replica = TestRedis.create(release).following(master).start()) {
      assertThatThrownBy(() -> capture(replica, Duration.ofMinutes(1)))
          .isInstanceOfSatisfying(
              ChrysalisException.class,
              e -> assertThat(e.code()).isEqualTo(RedisErrors.NOT_MASTER));
      assertThat(vault.snapshots("redis")).isEmpty();
    }
  }

  private Snapshot capture(TestRedis server, Duration others) {
    ShipperSettings settings = RunningAofShipper.settings(server, MEMBER);
    Clock clock = Clock.systemUTC();
    OwnShipper own =
        new OwnShipper(
            () -> new AofShipper(vault, settings, clock, new Random(), _ -> {}),
            others,
            BaseProgress.silent());
    return new BaseCapture(
            vault, settings, clock, BaseProgress.silent(), own, Duration.ofSeconds(20))
        .run();
  }
}
