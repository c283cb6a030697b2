package dev.chrysalis.engine;

import java.util.List;

/// How far a controller brought a run.
public sealed interface RunOutcome {
  /// The run's name.
  String run();

  /// Every step is done.
  record Succeeded(String run) implements RunOutcome {}

  /// Only people can go on: `Decisions.approve` or `Decisions.answer`, then resume.
  ///
  /// @param awaitingApproval the steps that a person has to approve
  /// @param unknown the steps of which a person has to say whether they had happened
  record Waiting(String run, List<String> awaitingApproval, List<String> unknown)
      implements RunOutcome {
    public Waiting {
      awaitingApproval = List.copyOf(awaitingApproval);
      unknown = List.copyOf(unknown);
    }

    /// What people have to do now.
    public String hint() {
      String approve =
          awaitingApproval.isEmpty()
              ? ""
              : "Approve with `chrysalis approve %s %s`. "
                  .formatted(run, String.join(" ", awaitingApproval));
      String answer =
          unknown.isEmpty()
              ? ""
              : "Look whether %s happened, then answer with `chrysalis approve %s STEP --happened` or `--did-not-happen`. "
                  .formatted(String.join(", ", unknown), run);
      return approve + answer + "Then go on with `chrysalis resume %s`.".formatted(run);
    }
  }

  /// A step failed. The steps that ran beside it have finished, nothing else was begun.
  ///
  /// @param failed the steps that failed, with `whatWentWrong`
  /// @param message which step failed, why, and what was given back
  /// @param hint what to do now
  record Failed(String run, List<StepProgress> failed, String message, String hint)
      implements RunOutcome {
    public Failed {
      failed = List.copyOf(failed);
    }
  }

  /// The run is over.
  ///
  /// @param message what was given back and what stays as it is
  record Aborted(String run, String message) implements RunOutcome {}

  /// The abort is journaled; the controller that drives the run will do it.
  ///
  /// @param message who that is
  record AbortLeftToOther(String run, String message) implements RunOutcome {}
}
