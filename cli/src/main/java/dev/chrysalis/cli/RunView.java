package dev.chrysalis.cli;

import dev.chrysalis.engine.JournalEntry;
import dev.chrysalis.engine.JournalRecord;
import dev.chrysalis.engine.RunObserver;
import dev.chrysalis.engine.RunState;
import dev.chrysalis.engine.Step;
import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.recovery.report.RunReport;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// Shows a run as it goes: one line for each step that begins or ends, and in between what is being
/// waited for and how far it is, each line with the clock against the objective. What is waited for
/// is told when it changes, at most every two seconds a step.
public final class RunView implements RunObserver {
  private static final Duration PACE = Duration.ofSeconds(2);
  private static final double MEGABYTE = 1e6;

  private final PrintStream out;
  private final InstantSource clock;
  private final Map<String, Long> lastTold = new HashMap<>();
  private final Map<String, String> lastText = new HashMap<>();
  private long started;
  private Duration objective = Duration.ZERO;

  public RunView(PrintStream out, InstantSource clock) {
    this.out = out;
    this.clock = clock;
    this.started = clock.millis();
  }

  @Override
  public synchronized void journaled(JournalRecord written, RunState after) {
    switch (written.entry()) {
      case JournalEntry.RunStarted e -> {
        started = written.at().toEpochMilli();
        objective = e.plan().objective();
        line("run", "started: " + e.plan().summary());
      }
      case JournalEntry.ControllerAttached _ -> {
        started = after.started().toEpochMilli();
        objective = after.plan().objective();
        line("run", "taken over");
      }
      case JournalEntry.RunEnded e -> line("run", e.ending() + " " + e.message());
      case JournalEntry.RunPaused _ -> line("run", "waits for a person");
      case JournalEntry.Noted e -> line(e.step(), e.text());
      case JournalEntry.Approved e -> line("run", "approved by " + e.by());
      case JournalEntry.Answered e -> line(e.step(), "answered by " + e.by());
      case JournalEntry.AbortRequested e -> line("run", "abort requested by " + e.by());
      case JournalEntry.ApprovalAwaited e -> line(e.step(), "needs approval");
      case JournalEntry.StepChosen e -> {
        if (!e.choices().isEmpty()) {
          line(e.step(), "chose " + plain(e.choices()));
        }
      }
      case JournalEntry.StepIntent e -> line(e.step(), after.step(e.step()).step().title());
      case JournalEntry.StepActed _ -> {}
      case JournalEntry.StepDone e -> line(e.step(), "done" + lost(e.evidence()));
      case JournalEntry.StepFailed e -> line(e.step(), "FAILED " + e.code() + ": " + e.message());
      case JournalEntry.OutcomeUnknown e -> line(e.step(), "outcome unknown: " + e.why());
      case JournalEntry.StepRetried e -> line(e.step(), "tried again");
      case JournalEntry.StepUndoing e -> line(e.step(), "is given back");
      case JournalEntry.StepUndone e -> line(e.step(), "given back");
      case JournalEntry.UndoFailed e -> line(e.step(), "COULD NOT BE GIVEN BACK: " + e.message());
    }
  }

  @Override
  public synchronized void waitingFor(Step step, String what) {
    paced(step, "waits for " + what);
  }

  @Override
  public synchronized void progress(Step step, String stage, long done, long total) {
    String far =
        total > 0
            ? "%.0f of %.0f MB".formatted(done / MEGABYTE, total / MEGABYTE)
            : "%.0f MB".formatted(done / MEGABYTE);
    paced(step, stage + (done > 0 || total > 0 ? ", " + far : ""));
  }

  private void paced(Step step, String text) {
    long now = clock.millis();
    long last = lastTold.getOrDefault(step.id(), 0L);
    if (now - last < PACE.toMillis() || text.equals(lastText.get(step.id()))) {
      return;
    }
    lastTold.put(step.id(), now);
    lastText.put(step.id(), text);
    line(step.id(), text);
  }

  private void line(String who, String text) {
    String passed = Durations.show(Duration.ofMillis(Math.max(0, clock.millis() - started)));
    String against = objective.isZero() ? "" : " of " + Durations.show(objective);
    out.printf("%10s%s  %-20s  %s%n", passed, against, who, text);
    out.flush();
  }

  private static String lost(Map<String, String> evidence) {
    String lost = evidence.getOrDefault(RunReport.LOST, "");
    return lost.isEmpty() ? "" : "; lost: " + lost;
  }

  private static String plain(Map<String, String> values) {
    return values.entrySet().stream()
        .filter(e -> !e.getValue().isEmpty())
        .sorted(Map.Entry.comparingByKey())
        .map(e -> e.getKey() + " " + e.getValue())
        .collect(Collectors.joining(", "));
  }
}
