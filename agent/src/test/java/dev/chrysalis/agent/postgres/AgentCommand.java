package dev.chrysalis.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.agent.AgentMain;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.platform.job.JobLines;
import dev.chrysalis.platform.job.JobState;
import dev.chrysalis.postgres.TestPostgres;
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

/// The agent as a test calls it: with variables of its own.
final class AgentCommand {
  private final Map<String, String> variables = new HashMap<>();

  AgentCommand() {
    variables.put("PATH", System.getenv("PATH"));
    // Short jobs on few cores.
    variables.put("CHRYSALIS_AGENT_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
  }

  static AgentCommand beside(TestPostgres server) {
    return new AgentCommand()
        .with("PGHOST", server.host())
        .with("PGPORT", Integer.toString(server.port()))
        .with("PGDATA", server.dataDirectory().toString())
        .with("PGPASSWORD_FILE", server.passwordFile().toString());
  }

  AgentCommand with(String name, String value) {
    variables.put(name, value);
    return this;
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
            AgentMain.class.getName());
    int code = AgentMain.commandLine(environment, List.of(arguments)).execute(arguments);
    return new Ended(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  void start(String job, int attempt, String... task) {
    List<String> command =
        new ArrayList<>(
            List.of("job", "start", job, "--token", "1", "--attempt", "" + attempt, "--"));
    command.addAll(List.of(task));
    Ended started = run(command.toArray(String[]::new));
    assertThat(started.code()).as(started.err()).isZero();
  }

  /// Runs a job to its end and returns its result.
  Map<String, String> result(String job, String... task) {
    start(job, 1, task);
    return result(job);
  }

  /// Follows a job to its end and returns its result.
  Map<String, String> result(String job) {
    Ended follow = run("job", "follow", job);
    assertThat(state(job)).as(follow.out() + follow.err()).isInstanceOf(JobState.Done.class);
    return ((JobState.Done) state(job)).result();
  }

  JobState state(String job) {
    Ended state = run("job", "state", job, "-o", "json");
    return new JobLines().decodeState(state.out().strip()).orElseThrow();
  }

  Process fork(Path log, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(AgentMain.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(variables);
    return builder.start();
  }
}
