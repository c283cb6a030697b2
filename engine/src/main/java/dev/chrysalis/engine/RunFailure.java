package dev.chrysalis.engine;

import java.util.List;
import java.util.stream.Collectors;

/// What is said of a run that failed: which step, why, what was given back, what to do now.
///
/// @param failed the steps as they were when they failed
/// @param after the state after the giving back
/// @param givenBack whether all was given back that should be
record RunFailure(String run, List<StepProgress> failed, RunState after, boolean givenBack) {

  String message() {
    String why = failed.stream().map(this::why).collect(Collectors.joining("; "));
    List<StepProgress> back = after.steps().stream().filter(StepProgress::gaveBack).toList();
    List<StepProgress> stuck = after.in(StepState.UNDOING);
    return why
        + (back.isEmpty() ? "" : ". Given back: " + RunDrive.titles(back))
        + (givenBack ? "" : ". NOT given back: " + stuck.stream().map(this::why).toList());
  }

  String hint() {
    return advice()
        + "`chrysalis resume %s` tries again with the same choices; `chrysalis abort %s` gives back what can be given back."
            .formatted(run, run);
  }

  String abortHint() {
    return advice() + "`chrysalis abort %s` tries again to give it back.".formatted(run);
  }

  private String advice() {
    return after.steps().stream()
        .filter(s -> s.state() == StepState.UNDOING || s.state() == StepState.FAILED)
        .flatMap(s -> s.whatWentWrong().stream())
        .map(t -> t.hint().replaceFirst("\\.$", "") + ". ")
        .findFirst()
        .or(() ->
            failed.stream()
                .flatMap(s -> s.whatWentWrong().stream())
                .map(t -> t.hint().replaceFirst("\\.$", "") + ". ")
                .findFirst())
        .orElse("");
  }

  private String why(StepProgress s) {
    return s.step().title()
        + " ("
        + s.step().id()
        + ")"
        + s.whatWentWrong().map(t -> ": " + t.message() + " (" + t.code() + ")").orElse("");
  }
}
