package dev.chrysalis.recovery.report;

import dev.chrysalis.engine.JournalEntry;
import dev.chrysalis.engine.JournalRecord;
import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.RunState;
import dev.chrysalis.engine.RunStatus;
import dev.chrysalis.engine.StepProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a run did, as far as its journal and what was measured around it know. Made from the
/// journal alone, so that it can be made at any time, by anybody who has the vault.
///
/// @param status `SUCCEEDED`, `FAILED`, `RUNNING` …
/// @param seconds from the run's start to its last record
/// @param statedLoss what the run itself found to be lost, in words; empty where it did not look
/// @param deviations where it differed from its plan
/// @param measured what was measured around the run: recovery time, the ledger's verdict; may be
///   empty
public record RunReport(
    String run,
    String stack,
    String scenario,
    String summary,
    String status,
    Instant started,
    Instant ended,
    double seconds,
    double objectiveSeconds,
    boolean withinObjective,
    String expectedLoss,
    String statedLoss,
    List<StepReport> steps,
    List<TimelineEntry> timeline,
    List<Deviation> deviations,
    Map<String, String> measured) {
  /// The key of a step's evidence that says what was lost.
  public static final String LOST = "lost";

  public RunReport {
    steps = List.copyOf(steps);
    timeline = List.copyOf(timeline);
    deviations = List.copyOf(deviations);
    measured = Map.copyOf(measured);
  }

  /// @param began null where it never began
  public record StepReport(
      String id,
      String title,
      String action,
      String kind,
      String state,
      @Nullable Instant began,
      @Nullable Instant ended,
      double seconds,
      double expectedSeconds,
      int attempts,
      Map<String, String> choices,
      Map<String, String> evidence,
      String trouble) {}

  /// @param who who did it, where it was a person or a controller that took over
  public record TimelineEntry(Instant at, String what, String who) {}

  /// Makes the report of a run.
  public static RunReport of(
      String run, List<JournalRecord> journal, Map<String, String> measured) {
    RunState state = RunState.of(journal);
    Plan plan = state.plan();
    double seconds = seconds(Duration.between(state.started(), state.lastRecord()));
    double objective = seconds(plan.objective());
    return new RunReport(
        run,
        plan.stack(),
        plan.scenario(),
        plan.summary(),
        state.status().toString(),
        state.started(),
        state.lastRecord(),
        seconds,
        objective,
        seconds <= objective,
        plan.expectedLoss(),
        state.steps().stream()
            .map(s -> s.evidence().getOrDefault(LOST, ""))
            .filter(lost -> !lost.isEmpty())
            .collect(Collectors.joining("; ")),
        state.steps().stream().map(RunReport::step).toList(),
        timeline(journal),
        Deviations.of(journal),
        measured);
  }

  /// Whether the run ended, and well.
  public boolean succeeded() {
    return status.equals(RunStatus.SUCCEEDED.toString());
  }

  /// What stands behind the objective: only a run that succeeded has met it.
  public String objectiveInWords() {
    if (succeeded()) {
      return withinObjective ? ", met" : ", missed";
    }
    return "; the run is " + status;
  }

  /// The same with more in its timeline.
  public RunReport with(List<TimelineEntry> more) {
    List<TimelineEntry> all = new ArrayList<>(timeline);
    all.addAll(more);
    all.sort(Comparator.comparing(TimelineEntry::at));
    return new RunReport(
        run,
        stack,
        scenario,
        summary,
        status,
        started,
        ended,
        seconds,
        objectiveSeconds,
        withinObjective,
        expectedLoss,
        statedLoss,
        steps,
        all,
        deviations,
        measured);
  }

  private static StepReport step(StepProgress s) {
    Optional<Instant> began = s.beganAt();
    Optional<Instant> ended = s.endedAt();
    double took =
        began.isPresent() && ended.isPresent()
            ? seconds(Duration.between(began.get(), ended.get()))
            : 0;
    return new StepReport(
        s.step().id(),
        s.step().title(),
        s.step().action(),
        s.step().kind().toString(),
        s.state().toString(),
        began.orElse(null),
        ended.orElse(null),
        took,
        seconds(s.step().expected()),
        s.attempts(),
        new TreeMap<>(s.choices()),
        new TreeMap<>(s.evidence()),
        s.whatWentWrong().map(t -> t.code() + ": " + t.message()).orElse(""));
  }

  private static List<TimelineEntry> timeline(List<JournalRecord> journal) {
    List<TimelineEntry> entries = new ArrayList<>();
    for (JournalRecord record : journal) {
      what(record.entry())
          .ifPresent(e -> entries.add(new TimelineEntry(record.at(), e.what(), e.who())));
    }
    return entries;
  }

  private static Optional<Told> what(JournalEntry entry) {
    return switch (entry) {
      case JournalEntry.RunStarted e -> told("run started", e.holder().person());
      case JournalEntry.ControllerAttached e -> told("run taken over", e.holder().person());
      case JournalEntry.RunPaused _ -> told("waiting for a person", "");
      case JournalEntry.RunEnded e -> told("run ended: " + e.ending() + " " + e.message(), "");
      case JournalEntry.Noted e -> told(e.step() + ": " + e.text(), "");
      case JournalEntry.Approved e -> told("approved: " + String.join(", ", e.steps()), e.by());
      case JournalEntry.Answered e ->
          told("answered: " + e.step() + (e.happened() ? " happened" : " did not happen"), e.by());
      case JournalEntry.AbortRequested e -> told("abort requested", e.by());
      case JournalEntry.ApprovalAwaited e -> told(e.step() + ": approval awaited", "");
      case JournalEntry.StepIntent e -> told(e.step() + ": begins", "");
      case JournalEntry.StepActed _, JournalEntry.StepChosen _ -> Optional.empty();
      case JournalEntry.StepDone e -> told(e.step() + ": done", "");
      case JournalEntry.StepFailed e -> told(e.step() + ": failed, " + e.message(), "");
      case JournalEntry.OutcomeUnknown e -> told(e.step() + ": unknown, " + e.why(), "");
      case JournalEntry.StepRetried e -> told(e.step() + ": tried again", "");
      case JournalEntry.StepUndoing e -> told(e.step() + ": given back …", "");
      case JournalEntry.StepUndone e -> told(e.step() + ": given back", "");
      case JournalEntry.UndoFailed e ->
          told(e.step() + ": could not be given back, " + e.message(), "");
    };
  }

  private static Optional<Told> told(String what, String who) {
    return Optional.of(new Told(what, who));
  }

  private static double seconds(Duration d) {
    return Math.round(d.toMillis() / 10.0) / 100.0;
  }

  private record Told(String what, String who) {}
}
