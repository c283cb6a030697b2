package dev.chrysalis.recovery.notice;

import dev.chrysalis.engine.JournalEntry;
import dev.chrysalis.engine.JournalRecord;
import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.RunState;
import dev.chrysalis.engine.StepProgress;
import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.model.stack.NoticeState;
import dev.chrysalis.recovery.report.RunReport;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Says which records of a journal others are told of, and how. Pure.
final class NoticeWriter {
  /// @param next what people can do now
  private record Told(NoticeState state, String detail, String next) {}

  private NoticeWriter() {}

  /// What is told of a record; empty for most.
  ///
  /// @param waiting whether the last that was told is that the run waits
  static Optional<Notice> of(String run, JournalRecord written, RunState after, boolean waiting) {
    return told(run, written.entry(), after, waiting)
        .map(t ->
            new Notice(
                run, written.nonce(), t.state(), written.at(), values(run, written, after, t)));
  }

  private static Optional<Told> told(
      String run, JournalEntry entry, RunState after, boolean waiting) {
    return switch (entry) {
      case JournalEntry.RunStarted e ->
          tell(NoticeState.STARTED, e.plan().summary(), "follow it: chrysalis report " + run);
      case JournalEntry.ControllerAttached e ->
          tell(
              NoticeState.RESUMED,
              "Taken over by " + e.holder().person() + ".",
              "follow it: chrysalis report " + run);
      case JournalEntry.ApprovalAwaited e -> awaited(run, List.of(e.step()), after);
      case JournalEntry.Approved e when waiting ->
          tell(NoticeState.RESUMED, "Approved by " + e.by() + ".", "nothing");
      case JournalEntry.RunPaused e when !e.unknown().isEmpty() -> unknown(run, e, after);
      // A run that is taken over finds its steps waiting already: nothing but this says so.
      case JournalEntry.RunPaused e when !waiting && !e.awaitingApproval().isEmpty() ->
          awaited(run, e.awaitingApproval(), after);
      case JournalEntry.StepUndone e -> givenBack(after.step(e.step()), after);
      case JournalEntry.RunEnded e -> ended(run, e);
      case JournalEntry.RunPaused _,
          JournalEntry.Approved _,
          JournalEntry.Noted _,
          JournalEntry.Answered _,
          JournalEntry.AbortRequested _,
          JournalEntry.StepChosen _,
          JournalEntry.StepIntent _,
          JournalEntry.StepActed _,
          JournalEntry.StepDone _,
          JournalEntry.StepFailed _,
          JournalEntry.OutcomeUnknown _,
          JournalEntry.StepRetried _,
          JournalEntry.StepUndoing _,
          JournalEntry.UndoFailed _ ->
          Optional.empty();
    };
  }

  private static Optional<Told> ended(String run, JournalEntry.RunEnded e) {
    return switch (e.ending()) {
      case SUCCEEDED ->
          tell(
              NoticeState.RECOVERED,
              "Recovered and verified.",
              "chrysalis report " + run + " --post-mortem");
      case FAILED ->
          tell(
              NoticeState.FAILED,
              e.message(),
              "chrysalis resume " + run + ", or chrysalis abort " + run);
      case ABORTED -> tell(NoticeState.ABORTED, e.message(), "chrysalis assess");
    };
  }

  private static Optional<Told> awaited(String run, List<String> steps, RunState after) {
    return tell(
        NoticeState.WAITING,
        "Approval is awaited: " + titles(steps, after) + ".",
        steps.stream()
            .map(step -> "chrysalis approve " + run + " " + step)
            .collect(Collectors.joining(", ")));
  }

  private static Optional<Told> unknown(String run, JournalEntry.RunPaused e, RunState after) {
    return tell(
        NoticeState.WAITING,
        "Nobody knows whether this happened: " + titles(e.unknown(), after) + ".",
        "look, then chrysalis approve "
            + run
            + " "
            + e.unknown().getFirst()
            + " --happened (or --did-not-happen)");
  }

  /// The steps of a group are given back one after another; it is told once, after the last.
  private static Optional<Told> givenBack(StepProgress step, RunState after) {
    Optional<String> group = step.step().undoneTogether();
    List<StepProgress> all =
        after.steps().stream()
            .filter(s -> group.isPresent() && s.step().undoneTogether().equals(group))
            .toList();
    List<String> back =
        all.stream().filter(StepProgress::gaveBack).map(s -> s.step().id()).toList();
    return back.isEmpty() || all.stream().anyMatch(StepProgress::intended)
        ? Optional.empty()
        : tell(
            NoticeState.GIVEN_BACK,
            "What was set aside is back: " + titles(back, after) + ".",
            "nothing yet: how the run ends is told");
  }

  private static Optional<Told> tell(NoticeState state, String detail, String next) {
    return Optional.of(new Told(state, detail, next));
  }

  private static Map<String, String> values(
      String run, JournalRecord written, RunState after, Told told) {
    Plan plan = after.plan();
    Map<String, String> values = new HashMap<>();
    values.put("run", run);
    values.put("stack", plan.stack());
    values.put("scenario", plan.scenario());
    values.put("state", told.state().word());
    values.put("summary", plan.summary());
    values.put("detail", told.detail());
    values.put("loss", loss(after));
    values.put("elapsed", Durations.show(Duration.between(after.started(), written.at())));
    values.put("expected", Durations.show(plan.expected()));
    values.put("objective", Durations.show(plan.objective()));
    values.put("at", written.at().truncatedTo(ChronoUnit.SECONDS).toString());
    values.put("next", told.next());
    return values;
  }

  private static String loss(RunState after) {
    String stated =
        after.steps().stream()
            .map(s -> s.evidence().getOrDefault(RunReport.LOST, ""))
            .filter(lost -> !lost.isEmpty())
            .collect(Collectors.joining("; "));
    return stated.isEmpty() ? "expected " + after.plan().expectedLoss() : stated;
  }

  private static String titles(List<String> steps, RunState after) {
    return steps.stream()
        .map(id -> after.step(id).step().title())
        .collect(Collectors.joining(", "));
  }
}
