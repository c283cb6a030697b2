package dev.chrysalis.cassandra.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplacementTest {
  private static final String SETTINGS =
      """
      cluster_name: butterfly
      auto_bootstrap: false
      seed_provider:
        - class_name: org.apache.cassandra.locator.SimpleSeedProvider
          parameters: [{seeds: "127.1.1.1, 127.1.1.2:7000,127.1.1.3"}]
      commitlog_sync_period: 1000ms
      hinted_handoff_enabled: yes
      """;

  @TempDir Path conf;
  private Replacement replacement = new Replacement(Path.of("unset"));

  @BeforeEach
  void writeConfiguration() throws IOException {
    replacement = new Replacement(conf);
    Files.writeString(conf.resolve("cassandra.yaml"), SETTINGS);
    Files.writeString(conf.resolve("jvm-server.options"), "# their own\n-Xmx1G");
  }

  @Test
  void tellsTheServerWhosePlaceItTakesAndThatItIsNoSeedOfItself() throws IOException {
    replacement.apply("127.1.1.2", List.of("127.1.1.2"), List.of());

    assertThat(Files.readString(conf.resolve("jvm-server.options")))
        .startsWith("# their own\n-Xmx1G\n")
        .contains("-Dcassandra.replace_address_first_boot=127.1.1.2\n")
        .contains("-Dcassandra.config=file://" + conf + "/cassandra-chrysalis-start.yaml\n");
    assertThat(Files.readString(conf.resolve("cassandra-chrysalis-start.yaml")))
        .contains("seeds: \"127.1.1.1,127.1.1.3\"")
        .contains("auto_bootstrap: true")
        .contains("commitlog_sync_period: \"1000ms\"");
    assertThat(conf.resolve("cassandra.yaml")).hasContent(SETTINGS);
  }

  @Test
  void leavesNothingBehindOnceItIsTakenAway() throws IOException {
    replacement.apply("127.1.1.2", List.of("127.1.1.2"), List.of());
    replacement.apply("127.1.1.3", List.of("127.1.1.2"), List.of());

    replacement.remove();
    replacement.remove();

    assertThat(conf.resolve("jvm-server.options")).hasContent("# their own\n-Xmx1G\n");
    assertThat(conf.resolve("cassandra-chrysalis-start.yaml")).doesNotExist();
  }

  @Test
  void worksWhereThereIsNoFileOfOptionsYet() throws IOException {
    Files.delete(conf.resolve("jvm-server.options"));

    replacement.remove();
    assertThat(conf.resolve("jvm-server.options")).doesNotExist();

    replacement.apply("127.1.1.2", List.of("127.1.1.2"), List.of());
    assertThat(Files.readString(conf.resolve("jvm-server.options"))).contains("first_boot");
  }

  @Test
  void refusesANodeThatKnowsNoSeedButItself() throws IOException {
    Files.writeString(
        conf.resolve("cassandra.yaml"), SETTINGS.replaceAll("\"127.*3\"", "\"127.1.1.2\""));

    assertThatThrownBy(() -> replacement.apply("127.1.1.2", List.of("127.1.1.2"), List.of()))
        .isInstanceOf(ChrysalisException.class)
        .hasMessageContaining("names nobody else");
    assertThat(conf.resolve("jvm-server.options")).hasContent("# their own\n-Xmx1G");
  }

  @Test
  void asksThoseThatServeWhereTheListOfSeedsNamesNobodyElse() throws IOException {
    Files.writeString(
        conf.resolve("cassandra.yaml"), SETTINGS.replaceAll("\"127.*3\"", "\"127.1.1.2\""));

    replacement.apply("127.1.1.2", List.of("127.1.1.2"), List.of("127.1.1.8", "127.1.1.9"));

    assertThat(Files.readString(conf.resolve("cassandra-chrysalis-start.yaml")))
        .contains("seeds: \"127.1.1.8,127.1.1.9\"");
  }

  @Test
  void writesNothingThatIsNoAddressIntoTheServersOptions() {
    assertThatThrownBy(
            () -> replacement.apply("1\n-XX:OnError=rm", List.of("127.1.1.2"), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
