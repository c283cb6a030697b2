package dev.chrysalis.engine;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Gives back what a run did: after an abort all that is undoable, after a failure the undo groups
/// of the steps that failed.
///
/// 1. Take the steps in question, the last of the plan first.
/// 2. Journal that the step is being undone; where its act may have happened and it is undoable,
///    give it back, past errors that may pass; journal that it is undone.
/// 3. When one cannot be given back, journal why and stop: those before it may lie under it.
///
/// Kept: crashed or failed in the middle, the next controller goes on with the same steps, since a
/// step that is being undone is taken again.
final class GiveBack {
  private final RunLog log;
  private final Actions actions;
  private final Pace pace;

  GiveBack(RunLog log, Actions actions, Pace pace) {
    this.log = log;
    this.actions = actions;
    this.pace = pace;
  }

  /// After an abort. True when all is back.
  boolean everythingUndoable() {
    return all(
        log.state().steps().stream()
            .filter(s -> s.intended() && s.state() != StepState.UNDONE)
            .filter(s -> undoable(s) || s.state() == StepState.UNDOING)
            .toList());
  }

  /// After a failure. True when all is back.
  boolean failedGroups() {
    Set<String> groups =
        log.state().in(StepState.FAILED, StepState.UNDOING).stream()
            .flatMap(s -> s.step().undoneTogether().stream())
            .collect(Collectors.toSet());
    return all(
        log.state().steps().stream()
            .filter(s -> s.step().undoneTogether().filter(groups::contains).isPresent())
            .filter(GiveBack::leftTraces)
            .toList());
  }

  private static boolean leftTraces(StepProgress s) {
    return switch (s.state()) {
      case PENDING, AWAITING_APPROVAL, CHOSEN, UNDONE -> false;
      case INTENDED, ACTED, DONE, UNKNOWN, UNDOING -> true;
      case FAILED -> s.intended();
    };
  }

  private boolean undoable(StepProgress s) {
    return s.intended() && actions.get(s.step().action()).undoable();
  }

  private boolean all(List<StepProgress> inOrder) {
    for (StepProgress progress : new ArrayList<>(inOrder).reversed()) {
      if (!one(progress)) {
        return false;
      }
    }
    return true;
  }

  private boolean one(StepProgress progress) {
    Step step = progress.step();
    if (progress.state() != StepState.UNDOING
        && !log.append(
            now -> leftTraces(now.step(step.id())), new JournalEntry.StepUndoing(step.id()))) {
      // A person said meanwhile that it had not happened.
      return true;
    }
    boolean gives = undoable(log.state().step(step.id()));
    try {
      if (gives) {
        give(step);
      }
    } catch (ChrysalisException e) {
      if (e.code().category() == Category.LEASE || e.code().category() == Category.INTERRUPTED) {
        throw e;
      }
      return failed(step, e.code().toString(), String.valueOf(e.getMessage()), e.hint());
    } catch (RuntimeException e) {
      return failed(
          step,
          EngineErrors.GIVE_BACK_FAILED.toString(),
          "failed unexpectedly: " + e,
          "This is a fault in Chrysalis; please report it with the run's journal.");
    }
    log.append(new JournalEntry.StepUndone(step.id(), gives));
    return true;
  }

  private void give(Step step) {
    Action action = actions.get(step.action());
    StepClock clock = new StepClock(log, step, pace);
    clock.start();
    clock.retryingPassingErrors(() -> {
      log.token();
      action.giveBack(new LiveContext(log, step));
    });
  }

  private boolean failed(Step step, String code, String message, String hint) {
    log.append(new JournalEntry.UndoFailed(step.id(), code, message, hint));
    return false;
  }
}
