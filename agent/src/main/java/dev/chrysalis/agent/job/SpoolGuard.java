package dev.chrysalis.agent.job;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.VolumeGuard;

/// Guards the volume by the spool's lock; without a spool there are no jobs to guard against.
public final class SpoolGuard implements VolumeGuard {
  private final AgentEnvironment environment;

  public SpoolGuard(AgentEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Held hold(String holder) {
    if (environment.variable("CHRYSALIS_SPOOL").isEmpty()) {
      return () -> {};
    }
    return Spool.of(environment).hold(holder);
  }
}
