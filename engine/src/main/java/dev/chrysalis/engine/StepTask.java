package dev.chrysalis.engine;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Brings one step from where it stands to done, failed, unknown or waiting for approval.
///
/// 1. PENDING: where a person has to approve it, ask. Then choose, and journal the choices.
/// 2. CHOSEN: probe; a goal that is reached needs no act. Else journal the intent and act.
/// 3. INTENDED, after a crash or a failure: a convergent step is probed and done again with the
///    same choices; any other is reconciled: happened → done, did not happen → act, unknown → ask.
/// 4. ACTED: probe again and again until the goal is reached, broken or late. Where what the act
///    had started is gone, a convergent step acts again.
///
/// Kept: no act without journaled choices and intent; choices are made once; a step that is not
/// convergent acts a second time only after evidence or a person said that it had not happened; a
/// lost lease or an interruption journals nothing and leaves the step for who resumes.
final class StepTask {
  private static final int MOST_ACTS = 5;

  private final RunLog log;
  private final Step step;
  private final Action action;
  private final StepContext context;
  private final Approver approver;
  private final Holder holder;
  private final StepClock clock;

  StepTask(RunLog log, Step step, Action action, Approver approver, Holder holder, Pace pace) {
    this.log = log;
    this.step = step;
    this.action = action;
    this.context = new LiveContext(log, step);
    this.approver = approver;
    this.holder = holder;
    this.clock = new StepClock(log, step, pace);
  }

  void run() {
    try {
      clock.start();
      advance();
    } catch (ChrysalisException e) {
      if (isNotOurs(e)) {
        throw e;
      }
      fail(e);
    } catch (RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      fail(
          new ChrysalisException(
              EngineErrors.STEP_FAILED,
              "`" + action.name() + "` failed unexpectedly: " + e,
              "This is a fault in Chrysalis; please report it with the run's journal.",
              e));
    }
  }

  /// Whether the error is about the controller rather than the step.
  private static boolean isNotOurs(ChrysalisException e) {
    Category category = e.code().category();
    return Thread.currentThread().isInterrupted()
        || category == Category.LEASE
        || category == Category.INTERRUPTED
        || e.code().equals(EngineErrors.JOURNAL_DAMAGED)
        || e.code().equals(EngineErrors.JOURNAL_TOO_NEW);
  }

  private void advance() {
    switch (state()) {
      case PENDING, AWAITING_APPROVAL -> begin();
      case CHOSEN -> actUnlessReached();
      case INTENDED -> goOnAfterIntent();
      case ACTED -> goOnAfterAct();
      case DONE, FAILED, UNKNOWN, UNDOING, UNDONE ->
          throw new IllegalStateException("step " + step.id() + " is " + state());
    }
  }

  private StepState state() {
    return log.state().step(step.id()).state();
  }

  private void begin() {
    if (!approved()) {
      return;
    }
    Map<String, String> choices = clock.untilItAnswers(() -> action.choose(context));
    if (log.append(new JournalEntry.StepChosen(step.id(), choices))) {
      actUnlessReached();
    }
  }

  private boolean approved() {
    if (!log.state().step(step.id()).lacksApproval()) {
      return true;
    }
    if (state() == StepState.PENDING
        && !log.append(
            now -> now.step(step.id()).lacksApproval(),
            new JournalEntry.ApprovalAwaited(step.id()))) {
      return !log.state().step(step.id()).lacksApproval();
    }
    if (approver.approves(step)) {
      clock.start();
      log.append(
          now -> now.step(step.id()).lacksApproval(),
          new JournalEntry.Approved(List.of(step.id()), holder.person()));
    }
    return !log.state().step(step.id()).lacksApproval();
  }

  private void actUnlessReached() {
    if (doneAlready()) {
      return;
    }
    if (log.append(new JournalEntry.StepIntent(step.id()))) {
      act();
    }
  }

  private boolean doneAlready() {
    if (!action.alwaysActs()
        && clock.untilItAnswers(() -> action.probe(context)) instanceof Probe.Reached reached) {
      done(reached.evidence(), true);
      return true;
    }
    return false;
  }

  private void goOnAfterIntent() {
    if (step.kind() == StepKind.CONVERGENT) {
      if (!doneAlready()) {
        act();
      }
      return;
    }
    switch (clock.untilItAnswers(() -> action.reconcile(context))) {
      case Reconciled.Happened happened -> done(happened.evidence(), true);
      case Reconciled.DidNotHappen not -> {
        context.note("had not happened: " + not.evidence());
        act();
      }
      case Reconciled.Unknown unknown ->
          log.append(new JournalEntry.OutcomeUnknown(step.id(), unknown.why()));
    }
  }

  private void goOnAfterAct() {
    if (step.kind() == StepKind.CONVERGENT) {
      goOnAfterIntent();
    } else {
      awaitGoal();
    }
  }

  private void act() {
    if (step.kind() == StepKind.CONVERGENT) {
      clock.retryingPassingErrors(this::actOnce);
    } else {
      actWithSecondLook();
    }
    log.append(new JournalEntry.StepActed(step.id()));
    awaitGoal();
  }

  private void actOnce() {
    log.token();
    action.act(context);
  }

  /// An act that must not be repeated may have happened although its answer got lost.
  private void actWithSecondLook() {
    try {
      actOnce();
    } catch (ChrysalisException e) {
      if (isNotOurs(e) || !(action.reconcile(context) instanceof Reconciled.Happened)) {
        throw e;
      }
      context.note("the act's answer was an error, yet it had happened: " + e.getMessage());
    }
  }

  private void awaitGoal() {
    int acts = 1;
    while (true) {
      switch (clock.probe(() -> action.probe(context))) {
        case Probe.Reached reached -> {
          done(reached.evidence(), false);
          return;
        }
        case Probe.Broken broken ->
            throw new ChrysalisException(EngineErrors.STEP_FAILED, broken.why(), broken.hint());
        case Probe.Waiting waiting -> clock.waitOn(waiting.waitingFor());
        case Probe.Stalled stalled -> {
          actAgain(stalled.what(), ++acts);
          clock.waitOn(stalled.what());
        }
      }
    }
  }

  /// What the act had started is gone, so a convergent step acts again, with the same choices. A
  /// step that is not convergent only waits: its goal may show all the same.
  private void actAgain(String what, int acts) {
    if (step.kind() != StepKind.CONVERGENT) {
      return;
    }
    if (acts > MOST_ACTS) {
      throw new ChrysalisException(
          EngineErrors.STEP_FAILED,
          "it acted " + MOST_ACTS + " times, and each time this was lost: " + what,
          "Look what ends it there (memory, the machine), then resume the run.");
    }
    context.note("acts again (" + acts + " of " + MOST_ACTS + "), since this was lost: " + what);
    clock.retryingPassingErrors(this::actOnce);
    log.append(new JournalEntry.StepActed(step.id()));
  }

  private void done(Map<String, String> evidence, boolean already) {
    log.append(new JournalEntry.StepDone(step.id(), evidence, already));
  }

  private void fail(ChrysalisException e) {
    log.append(
        new JournalEntry.StepFailed(
            step.id(), e.code().toString(), String.valueOf(e.getMessage()), e.hint()));
  }

  /// The time that a step needs, for messages.
  static String words(Duration time) {
    return time.toSeconds() >= 120 && time.toSecondsPart() == 0
        ? time.toMinutes() + " min"
        : time.toMillis() >= 1000 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }
}
