package dev.chrysalis.agent.job;

import dev.chrysalis.agent.task.AgentEnvironment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/// Runs the test's agent, in this process or in one of its own.
final class AgentProcess {
  private final Map<String, String> variables = new HashMap<>(System.getenv());

  AgentProcess(Path spool) {
    variables.put("CHRYSALIS_SPOOL", spool.toString());
  }

  /// What a command printed and ended with.
  record Ended(int code, String out, String err) {}

  Ended run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    AgentEnvironment environment =
        new AgentEnvironment(
            variables,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            InstantSource.system(),
            TestAgent.class.getName());
    CommandLine command = TestAgent.commandLine(environment, List.of(arguments));
    int code = command.execute(arguments);
    return new Ended(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  Process fork(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
    command.add(TestAgent.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(variables);
    return builder.start();
  }
}
