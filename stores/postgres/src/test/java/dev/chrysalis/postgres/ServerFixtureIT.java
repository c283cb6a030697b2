package dev.chrysalis.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerFixtureIT {
  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void aServerLivesDiesReplicatesAndLeavesNothing(int major) {
    Path room;
    try (TestPostgres primary = TestPostgres.started(major)) {
      room = primary.room();
      primary.execute("create table t(x int)", "insert into t values (1)");
      assertThat(primary.query("show data_checksums")).isEqualTo("on");
      assertThat(primary.query("show server_version")).startsWith(major + ".");
      try (TestPostgres replica = primary.replica()) {
        primary.execute("insert into t values (2)");
        await().until(() -> replica.query("select count(*) from t").equals("2"));
        primary.kill9();
        replica.promote();
        replica.execute("insert into t values (3)");
      }
      primary.start();
      assertThat(primary.column("select x from t order by 1")).containsExactly("1", "2");
    }
    assertThat(Files.exists(room)).isFalse();
  }
}
