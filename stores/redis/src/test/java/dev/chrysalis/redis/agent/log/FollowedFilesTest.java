package dev.chrysalis.redis.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowedFilesTest {
  private static final ServerMoment SERVER = ServerMoment.of(Map.of());

  @TempDir Path data;
  private final HandClock clock = new HandClock();

  @Test
  void ofAFileThatWasReplacedNoLaterLookSaysThatNothingIsBehindIt() throws IOException {
    Files.writeString(data.resolve("appendonly.aof"), "12345");
    try (FollowedFiles files = following(false, "appendonly.aof")) {
      clock.seconds = 1;
      look(files);
      Files.writeString(data.resolve("new"), "1");
      Files.move(
          data.resolve("new"),
          data.resolve("appendonly.aof"),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      clock.seconds = 2;
      look(files);
      clock.seconds = 3;
      look(files);

      assertThat(files.ended()).isTrue();
      assertThat(files.current().growth().nothingBehind(5)).contains(Instant.ofEpochSecond(1));
      assertThat(files.current().growth().asOf()).isEqualTo(Instant.ofEpochSecond(1));
    }
  }

  @Test
  void ofAFileThatAnotherOneFollowsNoLaterLookSaysThatNothingIsBehindIt() throws IOException {
    Path folder = Files.createDirectory(data.resolve("appendonlydir"));
    increment(folder, 1);
    try (FollowedFiles files = following(true, "a.1.incr.aof")) {
      clock.seconds = 1;
      look(files);
      Files.writeString(folder.resolve("a.1.incr.aof"), "1234567");
      increment(folder, 2);
      clock.seconds = 2;
      look(files);
      clock.seconds = 3;
      look(files);

      assertThat(files.count()).isEqualTo(2);
      assertThat(files.current().growth().size()).isEqualTo(7);
      assertThat(files.current().growth().nothingBehind(7)).contains(Instant.ofEpochSecond(1));
      files.leaveCurrent();
      assertThat(files.current().growth().nothingBehind(5)).contains(Instant.ofEpochSecond(3));
    }
  }

  @Test
  void onlyAFileThatHasNoNameAnyMoreTakesRoomOfItsOwn() throws IOException {
    Path folder = Files.createDirectory(data.resolve("appendonlydir"));
    increment(folder, 1);
    try (FollowedFiles files = following(true, "a.1.incr.aof")) {
      increment(folder, 2);
      look(files);
      assertThat(files.count()).isEqualTo(2);
      assertThat(files.holdUnnamed()).isFalse();
      Files.delete(folder.resolve("a.1.incr.aof"));
      assertThat(files.holdUnnamed()).isTrue();
    }
  }

  @Test
  void whatTheServerHoldsBackIsNotSaidToBeNothing() throws IOException {
    ServerMoment holdsBack =
        ServerMoment.of(Map.of("aof_buffer_length", "40", "aof_pending_bio_fsync", "1"));
    ServerMoment writesAtOnce =
        ServerMoment.of(Map.of("aof_buffer_length", "40", "aof_pending_bio_fsync", "0"));
    Files.writeString(data.resolve("appendonly.aof"), "12345");
    try (FollowedFiles files = following(false, "appendonly.aof")) {
      clock.seconds = 1;
      look(files);
      clock.seconds = 2;
      ServerMoment _ = files.ask(() -> holdsBack);
      files.look(SERVER, () -> SERVER);
      assertThat(files.current().growth().nothingBehind(5)).contains(Instant.ofEpochSecond(1));
      assertThat(files.current().growth().asOf()).isEqualTo(Instant.ofEpochSecond(1));
      assertThat(files.current().growth().looked()).isEqualTo(Instant.ofEpochSecond(2));
      clock.seconds = 3;
      ServerMoment _ = files.ask(() -> writesAtOnce);
      clock.seconds = 4;
      files.look(SERVER, () -> SERVER);
      assertThat(files.current().growth().nothingBehind(5)).contains(Instant.ofEpochSecond(3));
    }
  }

  private static void increment(Path folder, int number) throws IOException {
    Files.writeString(folder.resolve("a.%d.incr.aof".formatted(number)), "12345");
    StringBuilder manifest = new StringBuilder("file a.1.base.rdb seq 1 type b\n");
    for (int i = 1; i <= number; i++) {
      manifest.append("file a.%d.incr.aof seq %d type i%n".formatted(i, i));
    }
    Files.writeString(folder.resolve("a.manifest"), manifest);
  }

  private FollowedFiles following(boolean manifest, String file) {
    AofNames names =
        new AofNames(manifest ? "a" : "appendonly.aof", "appendonlydir", "dump.rdb", "");
    AofFolder folder = new AofFolder(data, names, manifest);
    FollowedFiles files = new FollowedFiles(folder, clock, SERVER.continuity());
    files.add(OpenFile.open(folder.path(file)).orElseThrow(), 1, 0);
    return files;
  }

  private static void look(FollowedFiles files) {
    ServerMoment _ = files.ask(() -> SERVER);
    files.look(SERVER, () -> SERVER);
  }

  private static final class HandClock extends Clock {
    private long seconds;

    @Override
    public Instant instant() {
      return Instant.ofEpochSecond(seconds);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
