package dev.chrysalis.cassandra.agent.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerSettingsTest {
  @TempDir private Path folder;

  @Test
  void knowsHowMuchLaterAWriteMayBeSyncedThanAcknowledged() throws IOException {
    assertThat(period("cluster_name: butterfly")).contains(Duration.ofSeconds(10));
    assertThat(period("commitlog_sync: batch\ncommitlog_sync_period: 60s")).contains(Duration.ZERO);
    assertThat(period("commitlog_sync: periodic\ncommitlog_sync_period: 2m"))
        .contains(Duration.ofMinutes(2));
    assertThat(period("commitlog_sync_period: 1500ms")).contains(Duration.ofMillis(1500));
    assertThat(period("commitlog_sync_period_in_ms: 60000")).contains(Duration.ofMinutes(1));
    assertThat(period("commitlog_sync_period: a while")).isEmpty();
  }

  private Optional<Duration> period(String yaml) throws IOException {
    Files.writeString(folder.resolve("cassandra.yaml"), yaml + "\n");
    return ServerSettings.read(folder).syncPeriod();
  }
}
