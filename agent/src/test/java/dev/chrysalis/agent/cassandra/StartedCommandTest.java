package dev.chrysalis.agent.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.agent.AgentMain;
import dev.chrysalis.agent.task.AgentEnvironment;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartedCommandTest {
  private static final String OPTIONS =
      """
      # their own
      # Written by Chrysalis for one start of the server: begin
      -Dcassandra.replace_address_first_boot=127.1.1.2
      # Written by Chrysalis for one start of the server: end
      """;

  @TempDir Path conf;

  /// A plan ends so for every node that it restarts, whether its agent knows the configuration.
  @Test
  void hasNothingToTakeOutWhereNobodyKnowsTheConfiguration() {
    assertThat(run(Map.of(), "cassandra", "started")).isZero();
  }

  @Test
  void leavesWhatANodeThatDoesNotAnswerStillNeeds() throws IOException {
    Path options = Files.writeString(conf.resolve("jvm-server.options"), OPTIONS);
    Map<String, String> variables =
        Map.of("CASSANDRA_CONF", conf.toString(), "CASSANDRA_JMX_PORT", "1");

    assertThat(run(variables, "cassandra", "started")).isNotZero();
    assertThat(options).hasContent(OPTIONS);

    assertThat(run(variables, "cassandra", "started", "--stopped")).isZero();
    assertThat(options).hasContent("# their own\n");
  }

  private static int run(Map<String, String> variables, String... words) {
    PrintStream nobody = new PrintStream(PrintStream.nullOutputStream());
    AgentEnvironment environment =
        new AgentEnvironment(
            variables, nobody, nobody, InstantSource.system(), AgentMain.class.getName());
    return AgentMain.commandLine(environment, List.of(words)).execute(words);
  }
}
