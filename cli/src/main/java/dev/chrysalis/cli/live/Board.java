package dev.chrysalis.cli.live;

import dev.chrysalis.engine.RunState;
import dev.chrysalis.engine.RunStatus;
import dev.chrysalis.engine.StepProgress;
import dev.chrysalis.engine.StepState;
import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.recovery.report.RunReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One picture of a run: a line with the clock against the objective, and a line for each step.
/// Where the screen is too low for all of them, those that are done and those to come are counted
/// instead; what is under way or went wrong is always shown.
///
/// @param flows how far steps are that tell it, by their names
/// @param waits what steps wait for, by their names
record Board(RunState state, Map<String, Flow> flows, Map<String, String> waits, Instant now) {
  private static final int BAR = 20;
  private static final int TITLE = 68;

  /// @param height so many lines at most, at least 3
  List<String> lines(int height, Style style) {
    List<StepProgress> steps = List.copyOf(state.steps());
    List<StepProgress> done = in(StepState.DONE);
    List<StepProgress> pending = in(StepState.PENDING);
    int tooMany = steps.size() + 1 - height;
    int hiddenDone = hide(done.size(), tooMany);
    int hiddenPending = hide(pending.size(), tooMany - Math.max(0, hiddenDone - 1));
    List<StepProgress> shown = new ArrayList<>(steps);
    shown.removeAll(done.subList(0, hiddenDone));
    shown.removeAll(pending.subList(pending.size() - hiddenPending, pending.size()));
    List<String> lines = new ArrayList<>(List.of(head(style)));
    if (hiddenDone > 0) {
      lines.add(style.faint("   " + hiddenDone + " steps done"));
    }
    shown.forEach(s -> lines.add(oneLine(line(s, style))));
    if (hiddenPending > 0) {
      lines.add(style.faint("   " + hiddenPending + " steps to come"));
    }
    return lines;
  }

  private List<StepProgress> in(StepState wanted) {
    return state.steps().stream().filter(s -> s.state() == wanted).toList();
  }

  /// How many go so that there are so many lines less; one line more counts those that went.
  private static int hide(int there, int tooMany) {
    return tooMany <= 0 ? 0 : Math.min(there, tooMany + 1);
  }

  /// What servers say may have many lines; here each step has one.
  private static String oneLine(String text) {
    return text.replaceAll("\\s*\\R\\s*", " ");
  }

  private String head(Style style) {
    Duration since = Duration.between(state.started(), now);
    // The clock of the machine on which a run began may be ahead of this one's.
    Duration passed = since.isNegative() ? Duration.ZERO : since;
    Duration objective = state.plan().objective();
    double part =
        objective.isZero() ? 0 : Math.min(1, (double) passed.toMillis() / objective.toMillis());
    int full = (int) Math.round(part * BAR);
    String bar = style.bar(full, BAR - full);
    String head =
        "%s of %s: %s"
            .formatted(state.plan().scenario(), state.plan().stack(), word(state.status()));
    String clock = "%s of %s".formatted(whole(passed), Durations.show(objective));
    Duration left = new TimeLeft(state, flows, now).estimate();
    String about =
        state.status() == RunStatus.RUNNING && !left.isZero()
            ? "about " + whole(left) + " left"
            : "";
    return style.bold("%-44s".formatted(head)) + "  " + bar + "  " + clock + "  " + about;
  }

  private static String word(RunStatus status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  private String line(StepProgress s, Style style) {
    String title = s.step().title();
    String text = title.length() > TITLE ? title.substring(0, TITLE - 1) + style.ellipsis() : title;
    return switch (s.state()) {
      case DONE -> style.good() + " %-68s  %s".formatted(text, took(s) + lost(s));
      case PENDING, UNDONE ->
          style.faint("   %-68s  %s".formatted(text, "about " + whole(s.step().expected())));
      case CHOSEN, INTENDED, ACTED, UNDOING ->
          style.going()
              + " "
              + style.bold("%-68s".formatted(text))
              + "  "
              + took(s)
              + "  "
              + doing(s);
      case AWAITING_APPROVAL -> style.asks() + " %-68s  needs approval".formatted(text);
      case FAILED, UNKNOWN ->
          style.bad()
              + " %-68s  %s"
                  .formatted(
                      text, s.whatWentWrong().map(t -> t.code() + ": " + t.message()).orElse(""));
    };
  }

  private static String lost(StepProgress s) {
    String lost = s.evidence().getOrDefault(RunReport.LOST, "");
    return lost.isEmpty() ? "" : "  lost: " + lost;
  }

  private String doing(StepProgress s) {
    Flow flow = flows.get(s.step().id());
    if (flow != null) {
      return flow.show(now) + flow.left(now).map(l -> ", " + whole(l) + " left").orElse("");
    }
    String waits = waits().getOrDefault(s.step().id(), "");
    return waits.isEmpty() ? "" : "waits for " + waits;
  }

  private String took(StepProgress s) {
    return s.beganAt()
        .map(began -> Durations.show(Duration.between(began, s.endedAt().orElse(now))))
        .orElse("");
  }

  /// To the second: a clock that shows tenths flickers.
  private static String whole(Duration d) {
    return Durations.show(Duration.ofSeconds(d.toSeconds())).replace(".0 s", " s");
  }
}
