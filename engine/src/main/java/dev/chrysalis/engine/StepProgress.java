package dev.chrysalis.engine;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How far one step of a run is.
///
/// @param failedIn the state in which it failed last; its own state otherwise
/// @param approved whether a person approved it
/// @param intended whether its act may have happened and was not given back since
/// @param choices empty until chosen; they stay when the step is undone
/// @param evidence empty until done
/// @param attempts how often it was retried, plus one
/// @param alreadyReached whether it was done without an act
/// @param trouble why it failed, is unknown or could not be given back; null otherwise
/// @param began when its choices were journaled; null before
/// @param ended when it was done, failed or undone last; null before
public record StepProgress(
    Step step,
    StepState state,
    StepState failedIn,
    boolean approved,
    boolean intended,
    Map<String, String> choices,
    Map<String, String> evidence,
    int attempts,
    boolean alreadyReached,
    @Nullable Trouble trouble,
    @Nullable Instant began,
    @Nullable Instant ended) {

  /// What went wrong.
  ///
  /// @param code `CHR-2004`
  public record Trouble(String code, String message, String hint) {}

  public StepProgress {
    choices = Map.copyOf(choices);
    evidence = Map.copyOf(evidence);
  }

  static StepProgress pending(Step step) {
    return new StepProgress(
        step,
        StepState.PENDING,
        StepState.PENDING,
        false,
        false,
        Map.of(),
        Map.of(),
        1,
        false,
        null,
        null,
        null);
  }

  public Optional<Trouble> whatWentWrong() {
    return Optional.ofNullable(trouble);
  }

  public Optional<Instant> beganAt() {
    return Optional.ofNullable(began);
  }

  public Optional<Instant> endedAt() {
    return Optional.ofNullable(ended);
  }

  /// Whether a person still has to approve it before it can begin.
  public boolean lacksApproval() {
    return step.needsApproval()
        && !approved
        && (state == StepState.PENDING || state == StepState.AWAITING_APPROVAL);
  }

  StepProgress in(StepState to) {
    StepState failed = to == StepState.FAILED ? state : to;
    return new StepProgress(
        step,
        to,
        failed,
        approved,
        intended,
        choices,
        evidence,
        attempts,
        alreadyReached,
        trouble,
        began,
        ended);
  }

  StepProgress withApproval() {
    return new StepProgress(
        step,
        state,
        failedIn,
        true,
        intended,
        choices,
        evidence,
        attempts,
        alreadyReached,
        trouble,
        began,
        ended);
  }

  StepProgress withChoices(Map<String, String> made, Instant at) {
    return new StepProgress(
        step,
        state,
        failedIn,
        approved,
        intended,
        made,
        evidence,
        attempts,
        alreadyReached,
        trouble,
        at,
        ended);
  }

  StepProgress withIntent(boolean intent) {
    return new StepProgress(
        step,
        state,
        failedIn,
        approved,
        intent,
        choices,
        evidence,
        attempts,
        alreadyReached,
        trouble,
        began,
        ended);
  }

  StepProgress withEvidence(Map<String, String> found, boolean already, @Nullable Instant at) {
    return new StepProgress(
        step, state, failedIn, approved, intended, choices, found, attempts, already, null, began,
        at);
  }

  StepProgress withTrouble(Trouble what, Instant at) {
    return new StepProgress(
        step,
        state,
        failedIn,
        approved,
        intended,
        choices,
        evidence,
        attempts,
        alreadyReached,
        what,
        began,
        at);
  }

  StepProgress again() {
    return new StepProgress(
        step,
        state,
        failedIn,
        approved,
        intended,
        choices,
        evidence,
        attempts + 1,
        alreadyReached,
        null,
        began,
        null);
  }
}
