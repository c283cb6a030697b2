package dev.chrysalis.cassandra.agent.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.cassandra.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplaySettingsTest {
  private static final Instant MOMENT = Instant.parse("2026-11-27T02:15:30.123456Z");
  private static final String THEIRS = "archive_command=/bin/true\n";

  @TempDir private Path conf;

  @Test
  void saysTheMomentAsTheServerReadsIt() throws IOException {
    write(MOMENT);

    assertThat(content()).contains("restore_point_in_time=2026:11:27 02:15:30.123456\n");
  }

  @Test
  void leavesNothingWhereNothingWasHoweverOftenItWasWritten() throws IOException {
    write(MOMENT);
    write(MOMENT.plusSeconds(1));
    ReplaySettings.remove(conf);
    ReplaySettings.remove(conf);

    try (Stream<Path> files = Files.list(conf)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void putsBackWhatWasThereHoweverOftenItIsAsked() throws IOException {
    Files.writeString(file(), THEIRS);
    write(MOMENT);
    write(MOMENT);
    assertThat(content()).contains("restore_point_in_time");

    ReplaySettings.remove(conf);
    ReplaySettings.remove(conf);

    assertThat(content()).isEqualTo(THEIRS);
  }

  @Test
  void isTakenAwayByARestoreToTheEnd() {
    write(MOMENT);
    new ReplaySettings(conf, Optional.empty(), false).apply();

    assertThat(file()).doesNotExist();
  }

  @Test
  void passesOverWhatDoesNotFitForOneStartOnly() throws IOException {
    Path options = conf.resolve("jvm-server.options");
    Files.writeString(options, "-Xmx1G\n");

    new ReplaySettings(conf, Optional.of(MOMENT), true).apply();
    assertThat(options).content().contains("-Dcassandra.commitlog.ignorereplayerrors=true\n");
    assertThat(file()).exists();

    new ReplaySettings(conf, Optional.of(MOMENT), false).apply();
    assertThat(options).hasContent("-Xmx1G\n");

    new ReplaySettings(conf, Optional.empty(), true).apply();
    assertThat(file()).doesNotExist();
    ReplaySettings.remove(conf);
    ReplaySettings.remove(conf);
    assertThat(options).hasContent("-Xmx1G\n");
  }

  @Test
  void knowsWhichReleasesReadFractions() {
    assertThat(Stream.of("4.0.13", "4.1.5", "5.0.9", "5.0-rc1", "6.0"))
        .allMatch(Release::takesFractions);
    assertThat(Stream.of("4.0.12", "4.1.4", "4.1.0", "4.0")).noneMatch(Release::takesFractions);
  }

  private void write(Instant moment) {
    new ReplaySettings(conf, Optional.of(moment), false).apply();
  }

  private Path file() {
    return conf.resolve("commitlog_archiving.properties");
  }

  private String content() throws IOException {
    return Files.readString(file());
  }
}
