package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.task.AgentEnvironment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the member's files are: the server's `dir`.
final class DataOptions {
  @Option(names = "--data", paramLabel = "DIR", description = "the server's dir (REDIS_DATA)")
  private @Nullable Path data;

  Path directory(AgentEnvironment environment) {
    Path given = data != null ? data : Path.of(environment.required("REDIS_DATA", "--data"));
    return given.toAbsolutePath().normalize();
  }
}
