package dev.chrysalis.agent.task;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.JobId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// By which a restore that is repeated after a crash knows its own work.
public final class WorkName {
  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "by which a repeated restore knows its own work (the job's)")
  private @Nullable String name;

  /// The name that was given, else that of the job that runs this, else that of everything that is
  /// done by hand.
  public JobId id(AgentEnvironment environment) {
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
}
