package dev.chrysalis.engine;

import dev.chrysalis.model.ChrysalisException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What may follow what, as data. An entry that the tables do not allow means that the journal is
/// damaged.
final class Transitions {
  /// What an entry means to the run.
  enum RunEvent {
    STARTED,
    ATTACHED,
    APPROVED,
    ANSWERED,
    STEP_BEGINS,
    STEP_RESULT,
    UNDO,
    NOTED,
    PAUSED,
    SUCCEEDED,
    FAILED,
    ABORT_REQUESTED,
    ABORTED
  }

  /// What an entry means to a step.
  enum StepEvent {
    APPROVAL_AWAITED,
    APPROVED,
    CHOSEN,
    INTENDED,
    ACTED,
    DONE,
    FAILED,
    OUTCOME_UNKNOWN,
    ANSWERED_HAPPENED,
    ANSWERED_DID_NOT_HAPPEN,
    RETRIED,
    UNDOING,
    UNDONE,
    UNDO_FAILED
  }

  /// One line of a table.
  sealed interface Transition {}

  record OfRun(RunStatus from, RunEvent event, RunStatus to) implements Transition {}

  /// One line of the steps' table.
  ///
  /// @param to null: back to the state in which it failed
  record OfStep(StepState from, StepEvent event, @Nullable StepState to) implements Transition {}

  static final List<OfRun> RUN =
      List.of(
          new OfRun(RunStatus.NEW, RunEvent.STARTED, RunStatus.RUNNING),
          new OfRun(RunStatus.RUNNING, RunEvent.ATTACHED, RunStatus.RUNNING),
          new OfRun(RunStatus.RUNNING, RunEvent.APPROVED, RunStatus.RUNNING),
          new OfRun(RunStatus.RUNNING, RunEvent.ANSWERED, RunStatus.RUNNING),
          new OfRun(RunStatus.RUNNING, RunEvent.STEP_BEGINS, RunStatus.RUNNING),
          new OfRun(RunStatus.RUNNING, RunEvent.STEP_RESULT, RunStatus.RUNNING),
          new OfRun(RunStatus.RUNNING, RunEvent.UNDO, RunStatus.RUNNING),
          new OfRun(RunStatus.RUNNING, RunEvent.NOTED, RunStatus.RUNNING),
          new OfRun(RunStatus.RUNNING, RunEvent.PAUSED, RunStatus.WAITING),
          new OfRun(RunStatus.RUNNING, RunEvent.SUCCEEDED, RunStatus.SUCCEEDED),
          new OfRun(RunStatus.RUNNING, RunEvent.FAILED, RunStatus.FAILED),
          new OfRun(RunStatus.RUNNING, RunEvent.ABORT_REQUESTED, RunStatus.ABORTING),
          new OfRun(RunStatus.WAITING, RunEvent.ATTACHED, RunStatus.RUNNING),
          new OfRun(RunStatus.WAITING, RunEvent.APPROVED, RunStatus.WAITING),
          new OfRun(RunStatus.WAITING, RunEvent.ANSWERED, RunStatus.WAITING),
          new OfRun(RunStatus.WAITING, RunEvent.ABORT_REQUESTED, RunStatus.ABORTING),
          new OfRun(RunStatus.FAILED, RunEvent.ATTACHED, RunStatus.RUNNING),
          new OfRun(RunStatus.FAILED, RunEvent.APPROVED, RunStatus.FAILED),
          new OfRun(RunStatus.FAILED, RunEvent.ANSWERED, RunStatus.FAILED),
          new OfRun(RunStatus.FAILED, RunEvent.ABORT_REQUESTED, RunStatus.ABORTING),
          new OfRun(RunStatus.ABORTING, RunEvent.ATTACHED, RunStatus.ABORTING),
          new OfRun(RunStatus.ABORTING, RunEvent.STEP_RESULT, RunStatus.ABORTING),
          new OfRun(RunStatus.ABORTING, RunEvent.UNDO, RunStatus.ABORTING),
          new OfRun(RunStatus.ABORTING, RunEvent.NOTED, RunStatus.ABORTING),
          new OfRun(RunStatus.ABORTING, RunEvent.ABORTED, RunStatus.ABORTED));

  static final List<OfStep> STEP =
      List.of(
          new OfStep(StepState.PENDING, StepEvent.APPROVAL_AWAITED, StepState.AWAITING_APPROVAL),
          new OfStep(StepState.PENDING, StepEvent.APPROVED, StepState.PENDING),
          new OfStep(StepState.PENDING, StepEvent.CHOSEN, StepState.CHOSEN),
          new OfStep(StepState.PENDING, StepEvent.FAILED, StepState.FAILED),
          new OfStep(StepState.AWAITING_APPROVAL, StepEvent.APPROVED, StepState.PENDING),
          new OfStep(StepState.CHOSEN, StepEvent.INTENDED, StepState.INTENDED),
          new OfStep(StepState.CHOSEN, StepEvent.DONE, StepState.DONE),
          new OfStep(StepState.CHOSEN, StepEvent.FAILED, StepState.FAILED),
          new OfStep(StepState.INTENDED, StepEvent.ACTED, StepState.ACTED),
          new OfStep(StepState.INTENDED, StepEvent.DONE, StepState.DONE),
          new OfStep(StepState.INTENDED, StepEvent.FAILED, StepState.FAILED),
          new OfStep(StepState.INTENDED, StepEvent.OUTCOME_UNKNOWN, StepState.UNKNOWN),
          new OfStep(StepState.INTENDED, StepEvent.UNDOING, StepState.UNDOING),
          new OfStep(StepState.ACTED, StepEvent.ACTED, StepState.ACTED),
          new OfStep(StepState.ACTED, StepEvent.DONE, StepState.DONE),
          new OfStep(StepState.ACTED, StepEvent.FAILED, StepState.FAILED),
          new OfStep(StepState.ACTED, StepEvent.UNDOING, StepState.UNDOING),
          new OfStep(StepState.DONE, StepEvent.UNDOING, StepState.UNDOING),
          new OfStep(StepState.FAILED, StepEvent.RETRIED, null),
          new OfStep(StepState.FAILED, StepEvent.ANSWERED_HAPPENED, StepState.DONE),
          new OfStep(StepState.FAILED, StepEvent.UNDOING, StepState.UNDOING),
          new OfStep(StepState.UNKNOWN, StepEvent.ANSWERED_HAPPENED, StepState.DONE),
          new OfStep(StepState.UNKNOWN, StepEvent.ANSWERED_DID_NOT_HAPPEN, StepState.CHOSEN),
          new OfStep(StepState.UNKNOWN, StepEvent.RETRIED, StepState.INTENDED),
          new OfStep(StepState.UNKNOWN, StepEvent.UNDOING, StepState.UNDOING),
          new OfStep(StepState.UNDOING, StepEvent.UNDONE, StepState.UNDONE),
          new OfStep(StepState.UNDOING, StepEvent.UNDO_FAILED, StepState.UNDOING),
          new OfStep(StepState.UNDONE, StepEvent.RETRIED, StepState.CHOSEN));

  private final Consumer<Transition> visits;

  Transitions() {
    this(visited -> {});
  }

  /// The tables, watched.
  ///
  /// @param visits told of every transition that is made
  Transitions(Consumer<Transition> visits) {
    this.visits = visits;
  }

  RunStatus run(RunStatus from, RunEvent event) {
    for (OfRun line : RUN) {
      if (line.from() == from && line.event() == event) {
        visits.accept(line);
        return line.to();
      }
    }
    throw damaged("a run that is " + from + " cannot see " + event);
  }

  StepState step(String id, StepState from, StepState failedIn, StepEvent event) {
    for (OfStep line : STEP) {
      if (line.from() == from && line.event() == event) {
        visits.accept(line);
        StepState to = line.to();
        return to == null ? failedIn : to;
      }
    }
    throw damaged("step " + id + ", which is " + from + ", cannot see " + event);
  }

  static ChrysalisException damaged(String what) {
    return new ChrysalisException(
        EngineErrors.JOURNAL_DAMAGED,
        "the journal does not make sense: " + what,
        "Do not resume this run; `chrysalis assess` shows what is left to do.");
  }
}
