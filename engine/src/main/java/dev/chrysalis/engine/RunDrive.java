package dev.chrysalis.engine;

import dev.chrysalis.engine.JournalEntry.Ending;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Drives an attached run until it ends or only people can go on.
///
/// 1. Begin every step whose predecessors are done, each in a thread of its own, as long as no step
///    failed or is of unknown outcome and nobody asked for an abort.
/// 2. When a step's thread ends, or a decision arrives, look again. When no thread is left:
/// 3. Aborting: give back what is undoable, end ABORTED. A failure: give back its undo groups, end
///    FAILED. All done: end SUCCEEDED. Else pause for the people.
/// 4. A decision that arrives at the last moment refuses that end: begin again at 1.
///
/// Kept: no step's thread outlives `drive`; after an error of the controller itself (lost lease,
/// interruption, crash) the steps are interrupted, and nothing more is journaled.
final class RunDrive {
  private record Over(String step, @Nullable Throwable error) {}

  private final RunLog log;
  private final Actions actions;
  private final Approver approver;
  private final Holder holder;
  private final Pace pace;
  private final GiveBack giveBack;
  private final BlockingQueue<Over> over = new LinkedBlockingQueue<>();
  private final Map<String, Thread> running = new HashMap<>();
  private final Set<String> asked = new HashSet<>();

  RunDrive(RunLog log, Actions actions, Approver approver, Holder holder, Pace pace) {
    this.log = log;
    this.actions = actions;
    this.approver = oneAtATime(approver);
    this.holder = holder;
    this.pace = pace;
    this.giveBack = new GiveBack(log, actions, pace);
  }

  private static Approver oneAtATime(Approver approver) {
    ReentrantLock asking = new ReentrantLock();
    return step -> {
      try {
        asking.lockInterruptibly();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw RunLog.interruption(e);
      }
      try {
        return approver.approves(step);
      } finally {
        asking.unlock();
      }
    };
  }

  RunOutcome drive() {
    retryWhatStopped();
    while (true) {
      runSteps();
      Optional<RunOutcome> outcome = conclude();
      if (outcome.isPresent()) {
        return outcome.get();
      }
    }
  }

  /// After a resume: an undo that was cut off is finished first, since what it gives back must not
  /// be built upon.
  private void retryWhatStopped() {
    if (log.state().status() != RunStatus.RUNNING || !giveBack.failedGroups()) {
      return;
    }
    for (StepProgress s : log.state().in(StepState.FAILED, StepState.UNKNOWN, StepState.UNDONE)) {
      String id = s.step().id();
      log.append(now -> now.step(id).state() == s.state(), new JournalEntry.StepRetried(id));
    }
  }

  private void runSteps() {
    Throwable error = null;
    beginReady();
    while (!running.isEmpty()) {
      try {
        error = first(error, await(error == null));
      } catch (InterruptedException e) {
        // The flag is set again when the error leaves; here it would end the waiting for the steps.
        error = first(error, RunLog.interruption(e));
      } catch (RuntimeException | Error e) {
        error = first(error, e);
      }
      if (error == null) {
        beginReady();
      } else {
        running.values().forEach(Thread::interrupt);
      }
    }
    rethrow(error);
  }

  /// Waits until a step's thread ends, or for the time after which decisions are read; gives the
  /// error with which the thread ended.
  private @Nullable Throwable await(boolean readDecisions) throws InterruptedException {
    Over one = over.poll(pace.decisions().toMillis(), TimeUnit.MILLISECONDS);
    if (one != null) {
      running.remove(one.step());
      return one.error();
    }
    if (readDecisions) {
      readDecisions();
    }
    return null;
  }

  private void readDecisions() {
    try {
      log.catchUp();
    } catch (ChrysalisException e) {
      // Decisions are read again soon; a store that is away for longer ends the lease.
      if (e.code().category() != Category.VAULT) {
        throw e;
      }
    }
  }

  private void beginReady() {
    RunState state = log.state();
    if (state.status() != RunStatus.RUNNING
        || !state.in(StepState.FAILED, StepState.UNKNOWN, StepState.UNDOING).isEmpty()) {
      return;
    }
    for (StepProgress progress : state.steps()) {
      if (!running.containsKey(progress.step().id())
          && canBegin(progress)
          && state.isReady(progress)) {
        begin(progress.step());
      }
    }
  }

  private boolean canBegin(StepProgress progress) {
    return switch (progress.state()) {
      case PENDING, CHOSEN, INTENDED, ACTED -> true;
      case AWAITING_APPROVAL -> asked.add(progress.step().id());
      case DONE, FAILED, UNKNOWN, UNDOING, UNDONE -> false;
    };
  }

  private void begin(Step step) {
    StepTask task = new StepTask(log, step, actions.get(step.action()), approver, holder, pace);
    Thread thread =
        Thread.ofVirtual().name("step-" + step.id()).unstarted(() -> over.add(run(step, task)));
    if (step.needsApproval()) {
      asked.add(step.id());
    }
    running.put(step.id(), thread);
    thread.start();
  }

  private static Over run(Step step, StepTask task) {
    try {
      task.run();
      return new Over(step.id(), null);
    } catch (RuntimeException | Error e) {
      return new Over(step.id(), e);
    }
  }

  private Optional<RunOutcome> conclude() {
    RunState state = log.state();
    if (state.status() == RunStatus.ABORTING) {
      return Optional.of(abort());
    }
    if (!state.in(StepState.FAILED, StepState.UNDOING).isEmpty()) {
      return fail();
    }
    if (state.steps().stream().allMatch(s -> s.state() == StepState.DONE)) {
      return log.append(new JournalEntry.RunEnded(Ending.SUCCEEDED, "every step is done"))
          ? Optional.of(new RunOutcome.Succeeded(log.run()))
          : Optional.empty();
    }
    return pause(state);
  }

  private Optional<RunOutcome> pause(RunState state) {
    List<String> approvals =
        state.steps().stream()
            .filter(s -> s.lacksApproval() && state.isReady(s))
            .map(s -> s.step().id())
            .toList();
    List<String> unknown = state.in(StepState.UNKNOWN).stream().map(s -> s.step().id()).toList();
    return log.append(now -> unchanged(state, now), new JournalEntry.RunPaused(approvals, unknown))
        ? Optional.of(new RunOutcome.Waiting(log.run(), approvals, unknown))
        : Optional.empty();
  }

  private static boolean unchanged(RunState before, RunState now) {
    return before.status() == now.status()
        && List.copyOf(before.steps()).equals(List.copyOf(now.steps()));
  }

  private Optional<RunOutcome> fail() {
    List<StepProgress> failed = log.state().in(StepState.FAILED, StepState.UNDOING);
    boolean whole = giveBack.failedGroups();
    RunFailure failure = new RunFailure(log.run(), failed, log.state(), whole);
    return log.append(new JournalEntry.RunEnded(Ending.FAILED, failure.message()))
        ? Optional.of(new RunOutcome.Failed(log.run(), failed, failure.message(), failure.hint()))
        : Optional.empty();
  }

  private RunOutcome abort() {
    if (!giveBack.everythingUndoable()) {
      List<StepProgress> stuck = log.state().in(StepState.UNDOING);
      RunFailure failure = new RunFailure(log.run(), stuck, log.state(), false);
      return new RunOutcome.Failed(log.run(), stuck, failure.message(), failure.abortHint());
    }
    RunState state = log.state();
    String message =
        "given back: %s; stays as it is: %s"
            .formatted(
                titles(state.steps().stream().filter(StepProgress::gaveBack).toList()),
                titles(
                    state.steps().stream()
                        .filter(s -> s.intended() && s.state() != StepState.UNDONE)
                        .toList()));
    log.append(new JournalEntry.RunEnded(Ending.ABORTED, message));
    return new RunOutcome.Aborted(log.run(), message);
  }

  static String titles(List<StepProgress> steps) {
    return steps.isEmpty()
        ? "nothing"
        : steps.stream().map(s -> s.step().title()).collect(Collectors.joining(", "));
  }

  private static @Nullable Throwable first(@Nullable Throwable before, @Nullable Throwable now) {
    if (before == null || now == null || before.equals(now)) {
      return before == null ? now : before;
    }
    before.addSuppressed(now);
    return before;
  }

  private static void rethrow(@Nullable Throwable error) {
    switch (error) {
      case null -> {}
      case RuntimeException e -> {
        if (e instanceof ChrysalisException known
            && known.code().equals(EngineErrors.INTERRUPTED)) {
          Thread.currentThread().interrupt();
        }
        throw e;
      }
      case Error e -> throw e;
      default -> throw new IllegalStateException(error);
    }
  }
}
