package dev.chrysalis.engine;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How far one step of a run is.
///
/// @param failedIn the state in which it failed last; its own state otherwise
/// @param approved whether a person approved it
/// @param intended whether its act may have happened and was not taken back since
/// @param choices empty until chosen; they stay when the step is undone
/// @param evidence empty until done
/// @param attempts how often it was retried, plus one
/// @param lastUndoneAttempt the last attempt whose work was taken back; 0 where none was
/// @param alreadyReached whether it was done without an act of the controller that says so
/// @param gaveBack whether something was given back when it was undone last
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
    int lastUndoneAttempt,
    boolean alreadyReached,
    boolean gaveBack,
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
    return new Draft(step).done();
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
    return with(d -> {
      d.failedIn = to == StepState.FAILED ? state : to;
      d.state = to;
    });
  }

  StepProgress withApproval() {
    return with(d -> d.approved = true);
  }

  StepProgress withChoices(Map<String, String> made, Instant at) {
    return with(d -> {
      d.choices = made;
      d.began = at;
    });
  }

  StepProgress withIntent() {
    return with(d -> d.intended = true);
  }

  StepProgress doneWith(Map<String, String> found, boolean already, Instant at) {
    return with(d -> {
      d.evidence = found;
      d.alreadyReached = already;
      d.trouble = null;
      d.ended = at;
    });
  }

  StepProgress troubledBy(Trouble what, Instant at) {
    return with(d -> {
      d.trouble = what;
      d.ended = at;
    });
  }

  /// Its act counts as not done.
  StepProgress takenBack(boolean given, Instant at) {
    return with(d -> {
      d.intended = false;
      d.lastUndoneAttempt = attempts;
      d.evidence = Map.of();
      d.alreadyReached = false;
      d.gaveBack = given;
      d.trouble = null;
      d.ended = at;
    });
  }

  StepProgress again() {
    return with(d -> {
      d.attempts++;
      d.gaveBack = false;
      d.trouble = null;
      d.ended = null;
    });
  }

  private StepProgress with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.done();
  }

  /// A copy while it is being changed.
  private static final class Draft {
    private final Step step;
    private StepState state = StepState.PENDING;
    private StepState failedIn = StepState.PENDING;
    private boolean approved;
    private boolean intended;
    private Map<String, String> choices = Map.of();
    private Map<String, String> evidence = Map.of();
    private int attempts = 1;
    private int lastUndoneAttempt;
    private boolean alreadyReached;
    private boolean gaveBack;
    private @Nullable Trouble trouble;
    private @Nullable Instant began;
    private @Nullable Instant ended;

    Draft(Step step) {
      this.step = step;
    }

    Draft(StepProgress of) {
      step = of.step;
      state = of.state;
      failedIn = of.failedIn;
      approved = of.approved;
      intended = of.intended;
      choices = of.choices;
      evidence = of.evidence;
      attempts = of.attempts;
      lastUndoneAttempt = of.lastUndoneAttempt;
      alreadyReached = of.alreadyReached;
      gaveBack = of.gaveBack;
      trouble = of.trouble;
      began = of.began;
      ended = of.ended;
    }

    StepProgress done() {
      return new StepProgress(
          step,
          state,
          failedIn,
          approved,
          intended,
          choices,
          evidence,
          attempts,
          lastUndoneAttempt,
          alreadyReached,
          gaveBack,
          trouble,
          began,
          ended);
    }
  }
}
