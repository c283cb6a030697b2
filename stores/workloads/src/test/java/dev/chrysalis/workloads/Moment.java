package dev.chrysalis.workloads;

import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.Token;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;

/// A step on its way, with what was chosen so far.
public record Moment(Step step, Token token, Map<String, Map<String, String>> journal)
    implements StepContext {
  @Override
  public String run() {
    return "20261126t060000z-000001";
  }

  @Override
  public Map<String, String> choices() {
    return choicesOf(step.id());
  }

  @Override
  public int attempt() {
    return 1;
  }

  @Override
  public int lastUndoneAttempt() {
    return 0;
  }

  @Override
  public Map<String, String> choicesOf(String stepId) {
    return journal.getOrDefault(stepId, Map.of());
  }

  @Override
  public Map<String, String> evidenceOf(String stepId) {
    return Map.of();
  }

  @Override
  public Instant runStarted() {
    return Instant.EPOCH;
  }

  @Override
  public void progress(String stage, long done, long total) {
    // Nobody watches.
  }

  @Override
  public void note(String text) {
    // Nobody reads.
  }

  @Override
  public Clock clock() {
    return Clock.systemUTC();
  }
}
