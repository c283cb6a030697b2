package dev.chrysalis.engine;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;

/// What a run's journal says. The names and fields are on paper for ever: new ones may be added,
/// none may change its meaning. Entries hold no secrets.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = JournalEntry.RunStarted.class, name = "run-started"),
  @JsonSubTypes.Type(value = JournalEntry.ControllerAttached.class, name = "controller-attached"),
  @JsonSubTypes.Type(value = JournalEntry.RunPaused.class, name = "run-paused"),
  @JsonSubTypes.Type(value = JournalEntry.RunEnded.class, name = "run-ended"),
  @JsonSubTypes.Type(value = JournalEntry.Noted.class, name = "noted"),
  @JsonSubTypes.Type(value = JournalEntry.Approved.class, name = "approved"),
  @JsonSubTypes.Type(value = JournalEntry.Answered.class, name = "answered"),
  @JsonSubTypes.Type(value = JournalEntry.AbortRequested.class, name = "abort-requested"),
  @JsonSubTypes.Type(value = JournalEntry.ApprovalAwaited.class, name = "approval-awaited"),
  @JsonSubTypes.Type(value = JournalEntry.StepChosen.class, name = "step-chosen"),
  @JsonSubTypes.Type(value = JournalEntry.StepIntent.class, name = "step-intent"),
  @JsonSubTypes.Type(value = JournalEntry.StepActed.class, name = "step-acted"),
  @JsonSubTypes.Type(value = JournalEntry.StepDone.class, name = "step-done"),
  @JsonSubTypes.Type(value = JournalEntry.StepFailed.class, name = "step-failed"),
  @JsonSubTypes.Type(value = JournalEntry.OutcomeUnknown.class, name = "outcome-unknown"),
  @JsonSubTypes.Type(value = JournalEntry.StepRetried.class, name = "step-retried"),
  @JsonSubTypes.Type(value = JournalEntry.StepUndoing.class, name = "step-undoing"),
  @JsonSubTypes.Type(value = JournalEntry.StepUndone.class, name = "step-undone"),
  @JsonSubTypes.Type(value = JournalEntry.UndoFailed.class, name = "undo-failed"),
})
public sealed interface JournalEntry {

  /// How a run ended.
  enum Ending {
    SUCCEEDED,
    FAILED,
    ABORTED
  }

  /// What the controller says about the run.
  sealed interface OfRun extends JournalEntry {}

  /// What the controller says about one step.
  sealed interface OfStep extends JournalEntry {
    String step();
  }

  /// What a person says; also written by processes that do not hold the lease.
  sealed interface Decision extends JournalEntry {
    /// Who said it: `ana@bastion-1`.
    String by();
  }

  /// The first entry of every journal.
  record RunStarted(Plan plan, Holder holder) implements OfRun {}

  /// Another controller goes on with the run, under the token of this record.
  record ControllerAttached(Holder holder) implements OfRun {}

  /// Only people can go on: the controller ends.
  record RunPaused(List<String> awaitingApproval, List<String> unknown) implements OfRun {
    public RunPaused {
      awaitingApproval = List.copyOf(awaitingApproval);
      unknown = List.copyOf(unknown);
    }
  }

  /// A failed run can be resumed; a succeeded or aborted one is over.
  record RunEnded(Ending ending, String message) implements OfRun {}

  /// An observation or a warning.
  record Noted(String step, String text) implements OfRun {}

  record Approved(List<String> steps, String by) implements Decision {
    public Approved {
      steps = List.copyOf(steps);
    }
  }

  /// A person looked, and says whether a step of unknown outcome had happened.
  record Answered(String step, boolean happened, String by) implements Decision {}

  record AbortRequested(String by) implements Decision {}

  record ApprovalAwaited(String step) implements OfStep {}

  /// All that the step decides, kept before anything is done.
  record StepChosen(String step, Map<String, String> choices) implements OfStep {
    public StepChosen {
      choices = Map.copyOf(choices);
    }
  }

  /// From here on the act may have happened.
  record StepIntent(String step) implements OfStep {}

  /// The act returned.
  record StepActed(String step) implements OfStep {}

  /// The goal is reached.
  ///
  /// @param alreadyReached whether the goal was found reached without an act of this controller
  record StepDone(String step, Map<String, String> evidence, boolean alreadyReached)
      implements OfStep {
    public StepDone {
      evidence = Map.copyOf(evidence);
    }
  }

  /// The step failed.
  ///
  /// @param code the error's code, `CHR-2004`
  record StepFailed(String step, String code, String message, String hint) implements OfStep {}

  /// Nobody can tell from evidence whether the act had happened.
  record OutcomeUnknown(String step, String why) implements OfStep {}

  /// A resumed run tries a step again that failed, was undone, or is of unknown outcome.
  record StepRetried(String step) implements OfStep {}

  record StepUndoing(String step) implements OfStep {}

  /// The step counts as not done.
  ///
  /// @param gaveBack whether something was given back, rather than only counted as not done
  record StepUndone(String step, boolean gaveBack) implements OfStep {}

  record UndoFailed(String step, String code, String message, String hint) implements OfStep {}
}
