package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.task.AgentEnvironment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the member's data directory is.
final class DataOptions {
  @Option(names = "--data", paramLabel = "DIR", description = "the data directory (PGDATA)")
  private @Nullable Path data;

  Path directory(AgentEnvironment environment) {
    Path given = data != null ? data : Path.of(environment.required("PGDATA", "--data"));
    return given.toAbsolutePath().normalize();
  }
}
