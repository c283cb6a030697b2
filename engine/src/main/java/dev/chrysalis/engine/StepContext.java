package dev.chrysalis.engine;

import dev.chrysalis.model.Token;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;

/// What an action sees of its run.
public interface StepContext {
  /// The run's name, `20261123t021530z-7f3a9c`.
  String run();

  Step step();

  /// The token for changing calls. Throws `EngineErrors.LEASE_LOST` when the lease is not ours any
  /// more, so that a paused controller that wakes changes nothing.
  Token token();

  /// This step's own choices: empty inside `choose`, else as journaled.
  Map<String, String> choices();

  /// Which attempt at this step it is, from 1: one more after it failed, was undone, or its outcome
  /// was found out by a person. A controller that only takes a crashed one's work over makes the
  /// same attempt. What an act starts elsewhere under a name (a job) must carry the attempt in its
  /// name, or a second attempt would find the first one's result.
  int attempt();

  /// The last attempt whose work was taken back, 0 where none was. What attempts up to this one
  /// left behind says nothing any more; what later ones left behind does.
  int lastUndoneAttempt();

  /// The choices of a step that came before; empty where it was not reached.
  Map<String, String> choicesOf(String stepId);

  /// The evidence of a step that is done; empty where it is not.
  Map<String, String> evidenceOf(String stepId);

  /// When the run began.
  Instant runStarted();

  /// Tells the person who watches how far it is; `total` is 0 while not known. Not journaled.
  void progress(String stage, long done, long total);

  /// Keeps something in the journal: an observation, a warning.
  void note(String text);

  Clock clock();
}
