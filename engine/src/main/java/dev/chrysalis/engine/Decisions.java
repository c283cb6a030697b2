package dev.chrysalis.engine;

import dev.chrysalis.engine.JournalEntry.AbortRequested;
import dev.chrysalis.engine.JournalEntry.Answered;
import dev.chrysalis.engine.JournalEntry.Approved;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.RecordStore;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What people say to a run, from any machine, without the lease. A controller that drives the run
/// learns of it within seconds; otherwise the next `Runner.resume` does.
///
/// Each decision is judged against the whole journal and written under the next number; when
/// somebody else wrote there first, it is judged again. So a decision in the journal was right when
/// it was written. All of them may throw `NO_SUCH_RUN`, `NO_SUCH_STEP`, `RUN_ENDED` and, where the
/// run does not ask for it, `NOT_ASKED`.
public final class Decisions {
  private final RecordStore records;
  private final Surroundings surroundings;

  public Decisions(RecordStore records, Surroundings surroundings) {
    this.records = records;
    this.surroundings = surroundings;
  }

  /// Approves these steps, or, where the list is empty, all that need it.
  ///
  /// @param by who approves: `ana@bastion-1`
  public void approve(String stack, String run, List<String> steps, String by) {
    decide(
        stack,
        run,
        state -> {
          steps.forEach(state::step);
          List<String> open =
              state.steps().stream()
                  .filter(StepProgress::lacksApproval)
                  .map(s -> s.step().id())
                  .filter(id -> steps.isEmpty() || steps.contains(id))
                  .toList();
          if (open.isEmpty()) {
            throw notAsked("no such step of run " + run + " waits for approval");
          }
          return Optional.of(new Approved(open, by));
        });
  }

  /// Says of a step whose outcome is unknown whether it had happened; or of a failed step that it
  /// was done by hand. The run goes on from there when it is resumed.
  public void answer(String stack, String run, String step, boolean happened, String by) {
    decide(
        stack,
        run,
        state -> {
          StepState now = state.step(step).state();
          if (now != StepState.UNKNOWN && !(happened && now == StepState.FAILED)) {
            throw notAsked("step " + step + " of run " + run + " is " + now);
          }
          return Optional.of(new Answered(step, happened, by));
        });
  }

  /// Asks for an abort; nothing happens when the run is being aborted already.
  void requestAbort(String stack, String run, String by) {
    decide(
        stack,
        run,
        state -> {
          if (state.status() == RunStatus.ABORTING) {
            return Optional.empty();
          }
          state.steps().stream()
              .filter(s -> s.step().kind() == StepKind.POINT_OF_NO_RETURN && s.intended())
              .findFirst()
              .ifPresent(s -> {
                throw pastReturn(run, s.step());
              });
          return Optional.of(new AbortRequested(by));
        });
  }

  private void decide(String stack, String run, Function<RunState, Optional<JournalEntry>> judge) {
    Journal journal = new Journal(records, stack, run);
    Transitions transitions = new Transitions();
    RunState state = RunState.of(journal.readAll(), transitions);
    while (true) {
      if (state.isOver()) {
        throw Runner.ended(run, state);
      }
      Optional<JournalEntry> entry = judge.apply(state);
      if (entry.isEmpty()) {
        return;
      }
      JournalRecord written =
          new JournalRecord(surroundings.clock().instant(), 0, surroundings.nonce(), entry.get());
      if (!state.allows(written)) {
        throw notAsked("run " + run + " is " + state.status());
      }
      Optional<JournalRecord> other = journal.append(written);
      if (other.isEmpty()) {
        return;
      }
      state = state.after(other.get(), transitions);
    }
  }

  private static ChrysalisException notAsked(String why) {
    return new ChrysalisException(
        EngineErrors.NOT_ASKED, why, "`chrysalis report` shows what the run waits for.");
  }

  private static ChrysalisException pastReturn(String run, Step step) {
    return new ChrysalisException(
        EngineErrors.ABORT_REFUSED,
        "run " + run + " may have passed its point of no return: " + step.title(),
        "Go on with it: `chrysalis resume " + run + "`.");
  }
}
