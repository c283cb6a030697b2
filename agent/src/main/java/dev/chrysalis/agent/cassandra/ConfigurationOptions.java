package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.task.AgentEnvironment;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the server's configuration lies.
final class ConfigurationOptions {
  @Option(
      names = "--conf",
      paramLabel = "DIR",
      description = "the folder of the server's configuration (CASSANDRA_CONF)")
  private @Nullable Path configuration;

  Path folder(AgentEnvironment environment) {
    return configuration != null
        ? configuration
        : Path.of(environment.required("CASSANDRA_CONF", "--conf"));
  }

  /// Empty where it is not known.
  Optional<Path> folderIfSet(AgentEnvironment environment) {
    return Optional.ofNullable(configuration)
        .or(() -> environment.variable("CASSANDRA_CONF").map(Path::of));
  }
}
