package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.redis.agent.files.RedisVersion;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What the commands that restore have in common.
final class RestoreJob {
  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "by which a repeated restore knows its own work (the job's)")
  private @Nullable String name;

  @Option(
      names = "--server-version",
      paramLabel = "VERSION",
      description = "of the server that will load it (files that every release takes)")
  private @Nullable String version;

  JobId id(AgentEnvironment environment) {
    try {
      return new JobId(
          name != null ? name : environment.variable("CHRYSALIS_JOB").orElse("by-hand"));
    } catch (IllegalArgumentException e) {
      throw new ChrysalisException(
          AgentErrors.BAD_COMMAND,
          String.valueOf(e.getMessage()),
          "a restore's name has small letters, digits and dashes",
          e);
    }
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
