package dev.chrysalis.recovery.report;

import dev.chrysalis.engine.JournalEntry;
import dev.chrysalis.engine.JournalRecord;
import dev.chrysalis.engine.RunState;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepProgress;
import dev.chrysalis.engine.StepState;
import dev.chrysalis.model.stack.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds where a run differed from its plan, and says what to change:
///
/// 1. A step took twice as long as expected, and 5 s more; or most of its deadline.
/// 2. A step failed, could not be given back, or was done more than once.
/// 3. A person had to say what happened.
/// 4. The run waited for a word for more than a minute, or nobody drove it for so long; or nothing
///    was written for so long before somebody took it over.
/// 5. The run took longer than its objective.
///
/// A step's time is that of its last attempt, under the controller that saw it done.
final class Deviations {
  private static final Duration SLOWER = Duration.ofSeconds(5);
  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final double MOST_OF_IT = 0.8;

  private final List<Deviation> found = new ArrayList<>();
  private final Map<String, Instant> began = new HashMap<>();
  private final Map<String, Duration> took = new HashMap<>();
  private final Map<String, Instant> awaited = new HashMap<>();
  private final Set<String> failed = new HashSet<>();
  private final RunState end;
  private Instant attached;
  private Instant before;
  private boolean stopped;

  private Deviations(RunState end) {
    this.end = end;
    this.attached = end.started();
    this.before = end.started();
  }

  static List<Deviation> of(List<JournalRecord> journal) {
    Deviations deviations = new Deviations(RunState.of(journal));
    journal.forEach(deviations::read);
    deviations.conclude();
    return List.copyOf(deviations.found);
  }

  private void read(JournalRecord one) {
    switch (one.entry()) {
      case JournalEntry.ControllerAttached e -> takenOver(one.at(), e.holder().person());
      case JournalEntry.StepChosen e -> began.put(e.step(), one.at());
      case JournalEntry.StepIntent e -> began.put(e.step(), one.at());
      case JournalEntry.StepRetried e -> began.put(e.step(), one.at());
      case JournalEntry.StepDone e -> done(e.step(), one.at());
      case JournalEntry.StepFailed e -> failed(e.step(), e.code(), e.message(), e.hint());
      case JournalEntry.UndoFailed e -> failed(e.step(), e.code(), e.message(), e.hint());
      case JournalEntry.ApprovalAwaited e -> awaited.putIfAbsent(e.step(), one.at());
      case JournalEntry.Approved e -> e.steps().forEach(step -> approved(step, one.at()));
      case JournalEntry.Answered e -> answered(e);
      case JournalEntry.RunPaused _, JournalEntry.RunEnded _ -> stopped = true;
      case JournalEntry.RunStarted _,
          JournalEntry.Noted _,
          JournalEntry.AbortRequested _,
          JournalEntry.StepActed _,
          JournalEntry.OutcomeUnknown _,
          JournalEntry.StepUndoing _,
          JournalEntry.StepUndone _ -> {}
    }
    before = one.at();
  }

  private void takenOver(Instant at, String who) {
    attached = at;
    Duration idle = Duration.between(before, at);
    if (idle.compareTo(IDLE) > 0 && stopped) {
      add(
          "",
          "Nobody drove the run for " + words(idle) + ", until " + who + " took it over.",
          "Have somebody told when a run stops: notify in the stack file, states waiting and"
              + " failed.");
    } else if (idle.compareTo(IDLE) > 0) {
      // A long step writes nothing while it is at work, and who dies writes nothing either.
      add(
          "",
          "No record was written for %s, until %s took the run over; when its controller before"
                  .formatted(words(idle), who)
              + " ended is not known.",
          "Find out when that controller ended, and run Chrysalis where it lives through a"
              + " disaster.");
    }
    stopped = false;
  }

  private void done(String step, Instant at) {
    Instant from = began.getOrDefault(step, at);
    took.put(step, Duration.between(from.isAfter(attached) ? from : attached, at));
  }

  private void failed(String step, String code, String message, String hint) {
    if (failed.add(step + code)) {
      failed.add(step);
      add(
          step,
          title(step) + " failed: " + code + ": " + message,
          "Remove what made " + step + " fail before the next recovery. " + sentence(hint));
    }
  }

  private void approved(String step, Instant at) {
    Optional.ofNullable(awaited.remove(step))
        .map(since -> Duration.between(since, at))
        .filter(waited -> waited.compareTo(IDLE) > 0)
        .ifPresent(waited ->
            add(
                step,
                "The run waited " + words(waited) + " for the approval of: " + title(step) + ".",
                "Say beforehand who approves "
                    + step
                    + " at any hour: "
                    + words(waited)
                    + " of this run were waiting for that word."));
  }

  private void answered(JournalEntry.Answered e) {
    add(
        e.step(),
        e.by()
            + " had to say that "
            + e.step()
            + (e.happened() ? " had happened." : " had not happened."),
        "Write down how "
            + e.by()
            + " could tell, or give "
            + e.step()
            + " a marker by which its probe can.");
  }

  private void conclude() {
    for (StepProgress one : end.steps()) {
      Step step = one.step();
      Duration time = took.get(step.id());
      if (time != null && one.state() == StepState.DONE) {
        slow(step, time);
      }
      if (one.attempts() > 1 && !failed.contains(step.id())) {
        add(
            step.id(),
            step.title() + " was done " + one.attempts() + " times.",
            "See that it does no harm, and costs little, to repeat " + step.id() + ".");
      }
    }
    Duration all = Duration.between(end.started(), end.lastRecord());
    if (all.compareTo(end.plan().objective()) > 0) {
      String objective = words(end.plan().objective());
      add(
          "",
          "The run took " + words(all) + ", and its objective is " + objective + ".",
          "Make "
              + end.plan().scenario()
              + " faster, or change the objective of "
              + objective
              + ".");
    }
  }

  private void slow(Step step, Duration time) {
    Duration expected = step.expected();
    if (time.compareTo(expected.multipliedBy(2)) >= 0
        && time.minus(expected).compareTo(SLOWER) >= 0) {
      add(
          step.id(),
          step.title() + " took " + words(time) + ", expected were " + words(expected) + ".",
          "Raise the expectation of %s from %s to %s: it took that long in this run."
              .formatted(step.id(), words(expected), words(time)));
    }
    if (time.toMillis() >= step.deadline().toMillis() * MOST_OF_IT) {
      add(
          step.id(),
          step.title()
              + " took "
              + words(time)
              + " of its deadline of "
              + words(step.deadline())
              + ".",
          "Raise the deadline of " + step.id() + ": a slightly worse day would have failed it.");
    }
  }

  private void add(String step, String what, String change) {
    found.add(new Deviation(step, what, change));
  }

  private String title(String step) {
    return end.find(step).map(s -> s.step().title()).orElse(step);
  }

  private static String sentence(String hint) {
    return hint.isEmpty() || hint.endsWith(".") ? hint : hint + ".";
  }

  /// `3 s`, `41 s`, `2 min 5 s`: whole seconds, rounded up.
  private static String words(Duration d) {
    long seconds = Math.max(1, (d.toMillis() + 999) / 1000);
    return seconds < 60 ? seconds + " s" : Durations.show(Duration.ofSeconds(seconds));
  }
}
