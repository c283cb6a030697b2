package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.WorkName;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.redis.agent.files.RedisVersion;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What the commands that restore have in common.
final class RestoreJob {
  @Mixin private WorkName name = new WorkName();

  @Option(
      names = "--server-version",
      paramLabel = "VERSION",
      description = "of the server that will load it (files that every release takes)")
  private @Nullable String version;

  JobId id(AgentEnvironment environment) {
    return name.id(environment);
  }

  Optional<RedisVersion> serverVersion() {
    if (version == null) {
      return Optional.empty();
    }
    Optional<RedisVersion> read = RedisVersion.of(version);
    if (read.isEmpty()) {
      throw new ChrysalisException(
          AgentErrors.BAD_COMMAND,
          "not a version of Redis: " + version,
          "give it as the server says it: --server-version 7.0.15");
    }
    return read;
  }
}
