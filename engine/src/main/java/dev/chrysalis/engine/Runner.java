package dev.chrysalis.engine;

import dev.chrysalis.engine.JournalEntry.Approved;
import dev.chrysalis.engine.JournalEntry.RunStarted;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.RecordStore;
import java.time.Duration;
import java.util.List;

/// Executes plans: one journal per run, one controller at a time, resumed from any machine.
///
/// 1. Take the stack's lease.
/// 2. Begin the run's journal with the plan, or attach to it.
/// 3. Drive the steps (`RunDrive`, `StepTask`), every decision journaled before the act.
/// 4. Release the lease.
///
/// Kept, whatever dies whenever: choices are made once; a step that is not convergent acts a second
/// time only when evidence or a person said that it had not happened; a controller without the
/// lease changes nothing. Throws, with the run left resumable: `LEASE_HELD` (nothing was done),
/// `LEASE_LOST`, `INTERRUPTED` (the interrupt flag is set again), and the store's own errors. What
/// befalls steps is an outcome, not an exception. Safe for many threads; each call blocks until its
/// outcome.
public final class Runner {
  private final RecordStore records;
  private final Leases leases;
  private final Actions actions;
  private final RunnerSettings settings;
  private final Surroundings surroundings;
  private final Transitions transitions;

  public Runner(
      RecordStore records,
      Leases leases,
      Actions actions,
      RunnerSettings settings,
      Surroundings surroundings) {
    this(records, leases, actions, settings, surroundings, new Transitions());
  }

  Runner(
      RecordStore records,
      Leases leases,
      Actions actions,
      RunnerSettings settings,
      Surroundings surroundings,
      Transitions transitions) {
    this.records = records;
    this.leases = leases;
    this.actions = actions;
    this.settings = settings;
    this.surroundings = surroundings;
    this.transitions = transitions;
  }

  /// Starts a new run of the plan. Throws `RUN_OPEN` while the stack's newest run is not over.
  public RunOutcome start(Plan plan, Consent consent) {
    return start(plan, consent, "");
  }

  /// As `start(plan, consent)`, but leaves the newest run as it is, if it is the one named here; it
  /// cannot be resumed or aborted afterwards.
  ///
  /// @param leftRun empty to leave none
  public RunOutcome start(Plan plan, Consent consent, String leftRun) {
    actions.checkAll(plan);
    Holder holder = settings.holder();
    try (Lease lease = leases.acquire(plan.stack(), holder, settings.waitForLease())) {
      RunOrder order = order(plan.stack());
      String newest = order.newest();
      order.checkMayBegin(newest, leftRun);
      Journal journal = new Journal(records, plan.stack(), RunIds.next(surroundings, newest));
      RunLog log = log(journal, RunState.empty(), lease);
      log.append(new RunStarted(plan, holder));
      List<String> all = plan.steps().stream().filter(Step::needsApproval).map(Step::id).toList();
      if (consent == Consent.WHOLE_PLAN && !all.isEmpty()) {
        log.append(new Approved(all, holder.person()));
      }
      return drive(log);
    }
  }

  /// Goes on with a run that a controller left: crashed, paused, failed or cut off while aborting.
  /// Throws `RUN_ENDED` when it succeeded or was aborted, `RUN_SUPERSEDED` when a newer run of the
  /// stack was begun.
  public RunOutcome resume(String stack, String run) {
    checkResumable(run, new Runs(records).load(stack, run).state());
    try (Lease lease = leases.acquire(stack, settings.holder(), settings.waitForLease())) {
      return attach(stack, run, lease);
    }
  }

  /// Ends a run: nothing new begins, what runs finishes, and what can be given back is given back.
  /// Refused (`ABORT_REFUSED`) once a point of no return may have been passed, and (`RUN_ENDED`)
  /// when the run succeeded or was aborted, and (`RUN_SUPERSEDED`) when a newer run of the stack
  /// was begun. May be called again to go on with an abort that was cut off. When another
  /// controller drives the run, that one does it.
  public RunOutcome abort(String stack, String run) {
    checkResumable(run, new Runs(records).load(stack, run).state());
    order(stack).checkMayGoOn(run);
    new Decisions(records, surroundings).requestAbort(stack, run, settings.holder().person());
    try (Lease lease = leases.acquire(stack, settings.holder(), settings.waitForLease())) {
      RunState state = new Runs(records).load(stack, run).state();
      return state.status() == RunStatus.ABORTED
          ? new RunOutcome.Aborted(run, state.message())
          : attach(stack, run, lease);
    } catch (ChrysalisException e) {
      if (e.code().equals(EngineErrors.LEASE_HELD)) {
        order(stack).checkMayGoOn(run);
        return new RunOutcome.AbortLeftToOther(run, String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  private RunOutcome attach(String stack, String run, Lease lease) {
    Journal journal = new Journal(records, stack, run);
    RunState state = RunState.of(journal.readAll(), transitions);
    checkResumable(run, state);
    order(stack).checkMayGoOn(run);
    actions.checkAll(state.plan());
    RunLog log = log(journal, state, lease);
    log.attach(settings.holder());
    return drive(log);
  }

  private RunOutcome drive(RunLog log) {
    try {
      return new RunDrive(log, actions, settings.approver(), settings.holder(), settings.pace())
          .drive();
    } finally {
      settings.observer().left();
    }
  }

  private RunLog log(Journal journal, RunState state, Lease lease) {
    settings.observer().entered(journal.run());
    return new RunLog(
        journal,
        state,
        lease,
        transitions,
        settings.observer(),
        surroundings,
        settings.pace().first());
  }

  private RunOrder order(String stack) {
    return new RunOrder(records, stack);
  }

  private static void checkResumable(String run, RunState state) {
    if (state.isOver()) {
      throw ended(run, state);
    }
  }

  static ChrysalisException ended(String run, RunState state) {
    return new ChrysalisException(
        EngineErrors.RUN_ENDED,
        "run " + run + " is over: " + state.status() + ", " + state.message(),
        "`chrysalis report " + run + "` shows it; `chrysalis recover` begins a new one.");
  }

  /// How long an acquisition has to wait to take a dead controller's lease over.
  public static final Duration PATIENT = Leases.TIME_TO_LIVE.multipliedBy(2);
}
