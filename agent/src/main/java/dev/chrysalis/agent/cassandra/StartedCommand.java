package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.cassandra.agent.files.PointInTime;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `agent cassandra started`. May be repeated.
@Command(
    name = "started",
    description =
        "Takes the moment out of the server's configuration that a restore to it has written: at"
            + " another start it would pass over what was written since.")
final class StartedCommand implements Callable<Integer> {
  private final AgentEnvironment environment;

  @Option(
      names = "--conf",
      paramLabel = "DIR",
      description = "the folder of the server's configuration (CASSANDRA_CONF)")
  private @Nullable Path configuration;

  StartedCommand(AgentEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    PointInTime.remove(
        configuration != null
            ? configuration
            : Path.of(environment.required("CASSANDRA_CONF", "--conf")));
    return 0;
  }
}
