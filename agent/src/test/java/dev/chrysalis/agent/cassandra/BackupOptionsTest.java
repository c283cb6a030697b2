package dev.chrysalis.agent.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.agent.AgentMain;
import dev.chrysalis.agent.task.AgentEnvironment;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackupOptionsTest {
  private static final String PART = "cassandra-0=20261127t144242z-bce383,cassandra-0/01a2:3-44";

  @Test
  void takesWhatAControllerHasChosenOfEachNode() {
    assertThat(compare("--part", PART, "--part", "cassandra-1=20261127t144242z-afc928"))
        .as("only the vault is missing")
        .contains("CHRYSALIS_");
  }

  @Test
  void refusesAMomentAndABackupAtOnce() {
    assertThat(compare("--backup", "nightly", "--part", PART)).contains("--part excludes --backup");
  }

  @Test
  void restoresNoNodeFromWhatWasChosenOfAnother() {
    assertThat(run("cassandra", "restore", "--part", PART)).contains("--part");
  }

  private static String compare(String... options) {
    return run(
        Stream.concat(Stream.of("cassandra", "compare"), Arrays.stream(options))
            .toArray(String[]::new));
  }

  private static String run(String... words) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);
    AgentEnvironment environment =
        new AgentEnvironment(Map.of(), err, err, InstantSource.system(), AgentMain.class.getName());
    assertThat(
            AgentMain.commandLine(environment, List.of(words))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .execute(words))
        .isNotZero();
    return said.toString(StandardCharsets.UTF_8);
  }
}
