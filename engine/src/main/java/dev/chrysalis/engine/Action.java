package dev.chrysalis.engine;

import java.util.List;
import java.util.Map;

/// What a kind of step does. Actions hold no state of a run: all that they decide is in the
/// choices, which are journaled before `act`. Called by one thread per step; different steps of a
/// run call at the same time.
public interface Action {
  /// The name under which steps refer to it: `postgres.promote`. Stable for ever, since journals
  /// hold it.
  String name();

  /// Whether the step acts although its goal looks reached already: for acts whose doing is the
  /// goal (a verification, a fresh backup) and that leave no marker before.
  default boolean alwaysActs() {
    return false;
  }

  /// Makes every choice that the step needs (which replica, which position, which aside name). Only
  /// reads. Called once in a run's life; the result is journaled before anything is changed, and
  /// later steps can read it.
  default Map<String, String> choose(StepContext context) {
    return Map.of();
  }

  /// Looks whether the goal is reached. Only reads; looks for the step's own marker (this run, this
  /// backup, this target). Called before `act` (a goal that is reached already needs no act, unless
  /// `alwaysActs`), and again and again after it until the step's deadline.
  Probe probe(StepContext context);

  /// Changes the world. For convergent steps it may be called again after a crash, a passing error
  /// or a probe that says `Stalled`; for the others at most once unless `reconcile` proved that it
  /// had not happened.
  void act(StepContext context);

  /// Learns after a crash, from evidence, whether a step of kind `ONCE` or `POINT_OF_NO_RETURN` had
  /// happened. Only reads.
  default Reconciled reconcile(StepContext context) {
    return switch (probe(context)) {
      case Probe.Reached reached -> new Reconciled.Happened(reached.evidence());
      case Probe.Waiting waiting -> new Reconciled.Unknown(waiting.waitingFor());
      case Probe.Stalled stalled -> new Reconciled.Unknown(stalled.what());
      case Probe.Broken broken -> new Reconciled.Unknown(broken.why());
    };
  }

  /// Whether `giveBack` can take back what `act` did.
  default boolean undoable() {
    return false;
  }

  /// Takes back what `act` did: the data that was set aside returns, the writers start again.
  /// Called when the run is aborted, or when a step of the same `Step.undoGroup` failed; only for
  /// steps whose act was intended, the last of the plan first, and only where `undoable`. The act
  /// may have been done whole, half or not at all, and a crash repeats the call: it must lead to
  /// the same end from all of these. Returns when everything is back; throws when it cannot be, and
  /// is then tried again on resume.
  default void giveBack(StepContext context) {
    throw new UnsupportedOperationException(name() + " cannot be taken back");
  }

  /// What a person would type instead, as shell commands, for the runbook for hands.
  List<String> byHand(Step step);
}
