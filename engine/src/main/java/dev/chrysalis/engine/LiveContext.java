package dev.chrysalis.engine;

import dev.chrysalis.model.Token;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;

/// A step's view of the run that is being driven.
final class LiveContext implements StepContext {
  private final RunLog log;
  private final Step step;

  LiveContext(RunLog log, Step step) {
    this.log = log;
    this.step = step;
  }

  @Override
  public String run() {
    return log.run();
  }

  @Override
  public Step step() {
    return step;
  }

  @Override
  public Token token() {
    return log.token();
  }

  @Override
  public Map<String, String> choices() {
    return choicesOf(step.id());
  }

  @Override
  public int attempt() {
    return log.state().step(step.id()).attempts();
  }

  @Override
  public int lastUndoneAttempt() {
    return log.state().step(step.id()).lastUndoneAttempt();
  }

  @Override
  public Map<String, String> choicesOf(String stepId) {
    return log.state().find(stepId).map(StepProgress::choices).orElse(Map.of());
  }

  @Override
  public Map<String, String> evidenceOf(String stepId) {
    return log.state().find(stepId).map(StepProgress::evidence).orElse(Map.of());
  }

  @Override
  public Instant runStarted() {
    return log.state().started();
  }

  @Override
  public void progress(String stage, long done, long total) {
    log.observer().progress(step, stage, done, total);
  }

  @Override
  public void note(String text) {
    log.append(new JournalEntry.Noted(step.id(), text));
  }

  @Override
  public Clock clock() {
    return log.surroundings().clock();
  }
}
