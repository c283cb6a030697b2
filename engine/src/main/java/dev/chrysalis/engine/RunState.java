package dev.chrysalis.engine;

import dev.chrysalis.engine.StepProgress.Trouble;
import dev.chrysalis.engine.Transitions.RunEvent;
import dev.chrysalis.engine.Transitions.StepEvent;
import dev.chrysalis.model.ChrysalisException;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What a journal adds up to: a pure fold of its records, so that every machine that reads the same
/// journal sees the same state. Immutable.
public final class RunState {
  private final RunStatus status;
  private final @Nullable Plan plan;
  private final long token;
  private final Instant started;
  private final Instant last;
  private final String message;
  private final Map<String, StepProgress> steps;

  private RunState(
      RunStatus status,
      @Nullable Plan plan,
      long token,
      Instant started,
      Instant last,
      String message,
      Map<String, StepProgress> steps) {
    this.status = status;
    this.plan = plan;
    this.token = token;
    this.started = started;
    this.last = last;
    this.message = message;
    this.steps = Collections.unmodifiableMap(steps);
  }

  static RunState empty() {
    return new RunState(
        RunStatus.NEW, null, 0, Instant.EPOCH, Instant.EPOCH, "", new LinkedHashMap<>());
  }

  /// The state after all these records; throws `JOURNAL_DAMAGED` where one is not allowed.
  public static RunState of(List<JournalRecord> records) {
    return of(records, new Transitions());
  }

  static RunState of(List<JournalRecord> records, Transitions transitions) {
    RunState state = empty();
    for (JournalRecord one : records) {
      state = state.after(one, transitions);
    }
    return state;
  }

  public RunStatus status() {
    return status;
  }

  public Plan plan() {
    if (plan == null) {
      throw new IllegalStateException("the run has not started");
    }
    return plan;
  }

  /// The token of the controller that attached last; 0 before the first.
  long token() {
    return token;
  }

  public Instant started() {
    return started;
  }

  /// When the last record was written.
  public Instant lastRecord() {
    return last;
  }

  /// What the run's end said; empty before.
  public String message() {
    return message;
  }

  /// All steps, in the plan's order.
  public Collection<StepProgress> steps() {
    return steps.values();
  }

  public Optional<StepProgress> find(String id) {
    return Optional.ofNullable(steps.get(id));
  }

  /// Throws `NO_SUCH_STEP` where the plan has none of that name.
  public StepProgress step(String id) {
    return find(id)
        .orElseThrow(() ->
            new ChrysalisException(
                EngineErrors.NO_SUCH_STEP,
                "the run has no step " + id,
                "Its steps are: " + String.join(", ", steps.keySet()) + "."));
  }

  /// The steps in any of these states, in the plan's order.
  public List<StepProgress> in(StepState... states) {
    List<StepState> wanted = List.of(states);
    return steps.values().stream().filter(s -> wanted.contains(s.state())).toList();
  }

  /// Whether nothing can follow any more.
  public boolean isOver() {
    return status == RunStatus.SUCCEEDED || status == RunStatus.ABORTED;
  }

  boolean isReady(StepProgress progress) {
    return progress.step().after().stream().allMatch(id -> step(id).state() == StepState.DONE);
  }

  /// Whether the tables allow the entry now.
  boolean allows(JournalRecord next) {
    try {
      after(next, new Transitions());
      return true;
    } catch (ChrysalisException e) {
      // The fold is the one place that knows; here its refusal is the answer.
      return false;
    }
  }

  RunState after(JournalRecord next, Transitions transitions) {
    checkToken(next);
    JournalEntry entry = next.entry();
    RunStatus to = transitions.run(status, eventOf(entry));
    return switch (entry) {
      case JournalEntry.RunStarted e ->
          new RunState(to, e.plan(), next.token(), next.at(), next.at(), "", pending(e.plan()));
      case JournalEntry.ControllerAttached _ -> with(to, next, next.token(), "", steps);
      case JournalEntry.RunEnded e -> with(to, next, token, e.message(), steps);
      case JournalEntry.RunPaused _ -> with(to, next, token, message, steps);
      case JournalEntry.Noted _ -> with(to, next, token, message, steps);
      case JournalEntry.AbortRequested _ -> with(to, next, token, message, steps);
      case JournalEntry.Approved e -> {
        Map<String, StepProgress> changed = new LinkedHashMap<>(steps);
        for (String id : e.steps()) {
          change(changed, id, StepEvent.APPROVED, transitions, StepProgress::withApproval);
        }
        yield with(to, next, token, message, changed);
      }
      case JournalEntry.Answered e ->
          withStep(
              to,
              next,
              e.step(),
              e.happened() ? StepEvent.ANSWERED_HAPPENED : StepEvent.ANSWERED_DID_NOT_HAPPEN,
              transitions,
              s ->
                  e.happened()
                      ? s.doneWith(Map.of("answered", "done, says " + e.by()), false, next.at())
                      : s.takenBack(false, next.at()).again());
      case JournalEntry.OfStep e ->
          withStep(to, next, e.step(), stepEventOf(e), transitions, s -> changed(s, e, next.at()));
    };
  }

  private static StepProgress changed(StepProgress s, JournalEntry.OfStep entry, Instant at) {
    return switch (entry) {
      case JournalEntry.ApprovalAwaited _ -> s;
      case JournalEntry.StepChosen e -> s.withChoices(e.choices(), at);
      case JournalEntry.StepIntent _ -> s.withIntent();
      case JournalEntry.StepActed _ -> s;
      case JournalEntry.StepDone e -> s.doneWith(e.evidence(), e.alreadyReached(), at);
      case JournalEntry.StepFailed e ->
          s.troubledBy(new Trouble(e.code(), e.message(), e.hint()), at);
      case JournalEntry.OutcomeUnknown e ->
          s.troubledBy(
              new Trouble(
                  EngineErrors.OUTCOME_UNKNOWN.toString(),
                  e.why(),
                  "Look whether it happened, then answer: `chrysalis approve RUN STEP --happened` or "
                      + "`--did-not-happen`."),
              at);
      case JournalEntry.StepRetried _ -> s.again();
      case JournalEntry.StepUndoing _ -> s;
      case JournalEntry.StepUndone e -> s.takenBack(e.gaveBack(), at);
      case JournalEntry.UndoFailed e ->
          s.troubledBy(new Trouble(e.code(), e.message(), e.hint()), at);
    };
  }

  private static StepEvent stepEventOf(JournalEntry.OfStep entry) {
    return switch (entry) {
      case JournalEntry.ApprovalAwaited _ -> StepEvent.APPROVAL_AWAITED;
      case JournalEntry.StepChosen _ -> StepEvent.CHOSEN;
      case JournalEntry.StepIntent _ -> StepEvent.INTENDED;
      case JournalEntry.StepActed _ -> StepEvent.ACTED;
      case JournalEntry.StepDone _ -> StepEvent.DONE;
      case JournalEntry.StepFailed _ -> StepEvent.FAILED;
      case JournalEntry.OutcomeUnknown _ -> StepEvent.OUTCOME_UNKNOWN;
      case JournalEntry.StepRetried _ -> StepEvent.RETRIED;
      case JournalEntry.StepUndoing _ -> StepEvent.UNDOING;
      case JournalEntry.StepUndone _ -> StepEvent.UNDONE;
      case JournalEntry.UndoFailed _ -> StepEvent.UNDO_FAILED;
    };
  }

  private static RunEvent eventOf(JournalEntry entry) {
    return switch (entry) {
      case JournalEntry.RunStarted _ -> RunEvent.STARTED;
      case JournalEntry.ControllerAttached _ -> RunEvent.ATTACHED;
      case JournalEntry.RunPaused _ -> RunEvent.PAUSED;
      case JournalEntry.RunEnded e ->
          switch (e.ending()) {
            case SUCCEEDED -> RunEvent.SUCCEEDED;
            case FAILED -> RunEvent.FAILED;
            case ABORTED -> RunEvent.ABORTED;
          };
      case JournalEntry.Noted _ -> RunEvent.NOTED;
      case JournalEntry.Approved _ -> RunEvent.APPROVED;
      case JournalEntry.Answered _ -> RunEvent.ANSWERED;
      case JournalEntry.AbortRequested _ -> RunEvent.ABORT_REQUESTED;
      case JournalEntry.OfStep e -> runEventOf(stepEventOf(e));
    };
  }

  private static RunEvent runEventOf(StepEvent event) {
    return switch (event) {
      case APPROVAL_AWAITED, CHOSEN, INTENDED, RETRIED -> RunEvent.STEP_BEGINS;
      case ACTED, DONE, FAILED, OUTCOME_UNKNOWN -> RunEvent.STEP_RESULT;
      case UNDOING, UNDONE, UNDO_FAILED -> RunEvent.UNDO;
      case APPROVED -> RunEvent.APPROVED;
      case ANSWERED_HAPPENED, ANSWERED_DID_NOT_HAPPEN -> RunEvent.ANSWERED;
    };
  }

  private void checkToken(JournalRecord next) {
    boolean right =
        switch (next.entry()) {
          case JournalEntry.RunStarted _ -> next.token() > 0;
          case JournalEntry.ControllerAttached _ -> next.token() > token;
          case JournalEntry.Decision _ -> true;
          case JournalEntry.OfRun _ -> next.token() == token;
          case JournalEntry.OfStep _ -> next.token() == token;
        };
    if (!right) {
      throw Transitions.damaged(
          "token " + next.token() + " wrote under token " + token + ": " + next.entry());
    }
  }

  private static Map<String, StepProgress> pending(Plan plan) {
    Map<String, StepProgress> all = new LinkedHashMap<>();
    plan.steps().forEach(step -> all.put(step.id(), StepProgress.pending(step)));
    return all;
  }

  private RunState withStep(
      RunStatus to,
      JournalRecord next,
      String id,
      StepEvent event,
      Transitions transitions,
      UnaryOperator<StepProgress> then) {
    Map<String, StepProgress> changed = new LinkedHashMap<>(steps);
    change(changed, id, event, transitions, then);
    return with(to, next, token, message, changed);
  }

  private static void change(
      Map<String, StepProgress> all,
      String id,
      StepEvent event,
      Transitions transitions,
      UnaryOperator<StepProgress> then) {
    StepProgress before = all.get(id);
    if (before == null) {
      throw Transitions.damaged("there is no step " + id);
    }
    StepState to = transitions.step(id, before.state(), before.failedIn(), event);
    all.put(id, then.apply(before.in(to)));
  }

  private RunState with(
      RunStatus to,
      JournalRecord next,
      long newToken,
      String newMessage,
      Map<String, StepProgress> newSteps) {
    return new RunState(to, plan, newToken, started, next.at(), newMessage, newSteps);
  }
}
