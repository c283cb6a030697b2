package dev.chrysalis.postgres.agent.wal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchScriptTest {
  private static final long SYSTEM = 7L;
  private static final int SEGMENT = 1 << 20;
  private static final String SECOND = "000000010000000000000002";

  private final MemoryVault vault = new MemoryVault();
  private final WalArchive archive = new WalArchive(vault, "s");
  @TempDir private Path room;
  private Path target = Path.of("target");

  @BeforeEach
  void fill() {
    target = room.resolve("it's a place");
    vault
        .log(WalNames.log("s", SYSTEM, 1))
        .append(
            2 * SEGMENT,
            4 * SEGMENT + 5,
            ByteBuffer.wrap(content(2 * SEGMENT + 5)),
            Map.of("segment", Integer.toString(SEGMENT)));
  }

  private static byte[] content(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i % 251 + 1);
    }
    return bytes;
  }

  private WalSpool spool(int seconds) throws IOException {
    Path directory = Files.createDirectories(room.resolve("sp'ool"));
    return WalSpool.install(directory, Duration.ofSeconds(seconds));
  }

  private WalSpool spool(int seconds, int sign) throws IOException {
    Path directory = Files.createDirectories(room.resolve("sp'ool"));
    return WalSpool.install(directory, Duration.ofSeconds(seconds), Duration.ofSeconds(sign));
  }

  private int fetch(WalSpool spool, String name) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "sh", spool.directory().resolve("fetch-wal").toString(), name, target.toString())
            .inheritIO()
            .start();
    return process.waitFor();
  }

  @Test
  void bringsWholeAndBegunSegmentsAndProvesAbsence() throws Exception {
    vault.records().create("postgres/s/7/history/00000002", "1\t0/400005\tx\n".getBytes(UTF_8));
    WalSpool spool = spool(10);
    try (RunningFeeder feeder = new RunningFeeder(archive, spool, FeederSettings.of(SYSTEM, 1))) {
      assertThat(fetch(spool, SECOND)).isZero();
      assertThat(target).hasBinaryContent(content(SEGMENT));
      assertThat(fetch(spool, "000000010000000000000003")).isZero();
      assertThat(fetch(spool, "000000010000000000000004")).isZero();
      byte[] begun = Files.readAllBytes(target);
      assertThat(begun).hasSize(SEGMENT);
      assertThat(begun[4]).isNotZero();
      assertThat(begun[5]).isZero();
      assertThat(fetch(spool, "000000010000000000000005")).isEqualTo(1);
      assertThat(fetch(spool, "00000003.history")).isEqualTo(1);
      assertThat(fetch(spool, "00000002.history")).isZero();
      assertThat(target).hasContent("1\t0/400005\tx\n");
      assertThat(feeder.events).noneMatch(FeedEvent.Lost.class::isInstance);
    }
    assertThat(spool.list("ready")).isEmpty();
    assertThat(spool.list("wanted")).isEmpty();
    assertThat(spool.list("answers")).isEmpty();
  }

  @Test
  void damageStopsTheServer() throws Exception {
    vault.log(WalNames.log("s", SYSTEM, 1)).loseContent(2 * SEGMENT);
    WalSpool spool = spool(10);
    try (RunningFeeder feeder = new RunningFeeder(archive, spool, FeederSettings.of(SYSTEM, 1))) {
      assertThat(fetch(spool, SECOND)).isEqualTo(126);
      assertThat(feeder.events).anyMatch(FeedEvent.Lost.class::isInstance);
    }
    assertThat(target).doesNotExist();
  }

  @Test
  void withoutAFeederItStopsTheServerUnlessTheSpoolIsIdle() throws Exception {
    WalSpool spool = spool(1);
    assertThat(fetch(spool, SECOND)).isEqualTo(126);
    spool.idle();
    assertThat(fetch(spool, SECOND)).isEqualTo(1);
  }

  @Test
  void aStandbyIsNotKeptWaitingByAFeederThatHangsOrIsGone() throws Exception {
    WalSpool spool = spool(60, 1);
    spool.alive(7);
    spool.feeds(true);

    assertThat(fetch(spool, SECOND)).isEqualTo(1);
    // Nor by the next request.
    assertThat(spool.directory().resolve("idle")).exists();
    spool.feeding();
    assertThat(spool.directory().resolve("idle")).doesNotExist();
  }

  @Test
  void aServerThatRecoversToATargetWaitsForTheNextFeeder() throws Exception {
    WalSpool spool = spool(2, 1);
    spool.feeds(true);
    spool.feeds(false);

    assertThat(fetch(spool, SECOND)).isEqualTo(126);
  }

  @Test
  void aFeederAtWorkGivesSignsOfLife() throws Exception {
    WalSpool spool = spool(10);
    try (RunningFeeder feeder = new RunningFeeder(archive, spool, FeederSettings.of(SYSTEM, 1))) {
      Path alive = spool.directory().resolve("alive");
      await().until(() -> Files.exists(alive));
      String first = Files.readString(alive);
      await().until(() -> !Files.readString(alive).equals(first));
      assertThat(feeder.events).isEmpty();
    }
  }

  @Test
  void feedsOnWhereItCanGiveNoSignOfLife() throws Exception {
    WalSpool spool = spool(10);
    Files.createDirectory(spool.directory().resolve("alive"));
    try (RunningFeeder feeder = new RunningFeeder(archive, spool, FeederSettings.of(SYSTEM, 1))) {
      assertThat(fetch(spool, SECOND)).isZero();
      assertThat(feeder.events).noneMatch(FeedEvent.Lost.class::isInstance);
    }
  }

  @Test
  void namesThatAreNoneAreRefused() throws Exception {
    assertThat(fetch(spool(1), "../../etc/passwd")).isEqualTo(126);
    assertThat(WalSpool.restoreCommand(Path.of("/a b/it's 100%")))
        .isEqualTo("sh '/a b/it'\\''s 100%%/fetch-wal' %f \"%p\"");
  }
}
