package dev.chrysalis.recovery.aftermath;

import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.recovery.checklist.VerifyChecklist;
import dev.chrysalis.recovery.report.Deviation;
import dev.chrysalis.recovery.report.OpenQuestion;
import dev.chrysalis.recovery.report.RunReport;
import dev.chrysalis.recovery.report.RunReport.StepReport;
import dev.chrysalis.recovery.report.RunReport.TimelineEntry;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The post-mortem of a run, as Markdown: filled with all that its journal knows, so that people
/// are only asked what only people know. Those places begin with `TODO (people)`.
public final class PostMortem {
  private static final String TODO = "TODO (people): ";
  private static final String NOTHING = "Nothing is on record.\n";

  private final RunReport report;
  private final StringBuilder text = new StringBuilder();

  private PostMortem(RunReport report) {
    this.report = report;
  }

  public static String of(RunReport report) {
    PostMortem made = new PostMortem(report);
    made.summary();
    made.impact();
    made.noticed();
    made.timeline();
    made.decisions();
    made.steps();
    made.checklist();
    made.evidence();
    made.changes();
    made.learnt();
    return made.text.toString();
  }

  private void summary() {
    line("# Post-mortem: %s of %s".formatted(md(report.scenario()), md(report.stack())));
    line("");
    line(
        "Made by Chrysalis from the journal of run `%s`. What only people know is marked `%s`."
            .formatted(report.run(), TODO.strip()));
    line("");
    text.append(Markdown.head("what", "fact"));
    row("status", report.status());
    row("plan", report.summary());
    row("started", report.started().toString());
    row("ended", report.ended().toString());
    row("took", show(report.seconds()));
    row("objective", show(report.objectiveSeconds()) + report.objectiveInWords());
  }

  private void impact() {
    section("Impact");
    text.append(Markdown.head("what", "how much"));
    row("loss expected", report.expectedLoss());
    row(
        "loss found by the run",
        report.statedLoss().isEmpty() ? "not looked for" : report.statedLoss());
    new TreeMap<>(report.measured()).forEach(this::row);
    line("");
    ask(OpenQuestion.CUSTOMERS.text());
    ask(OpenQuestion.LOST_WRITES.text());
  }

  private void noticed() {
    section("How it was noticed");
    List<String> situations =
        report.steps().stream()
            .map(s -> s.choices().getOrDefault("situation", ""))
            .filter(s -> !s.isEmpty())
            .distinct()
            .toList();
    line(
        situations.isEmpty()
            ? "The plan was for the scenario " + md(report.scenario()) + "."
            : "Found before anything was touched: " + md(String.join("; ", situations)) + ".");
    line("");
    ask(OpenQuestion.NOTICED.text());
    ask(OpenQuestion.CAUSE.text());
  }

  private void timeline() {
    section("Timeline");
    line("Times are UTC.");
    line("");
    text.append(Markdown.head("when", "what", "who"));
    for (TimelineEntry e : report.timeline()) {
      text.append(
          Markdown.row(
              List.of(e.at().truncatedTo(ChronoUnit.SECONDS).toString(), e.what(), e.who())));
    }
    line("");
    ask(OpenQuestion.BESIDE.text());
  }

  private void decisions() {
    section("What was decided");
    List<StepReport> chose = report.steps().stream().filter(s -> !s.choices().isEmpty()).toList();
    if (chose.isEmpty()) {
      text.append(NOTHING);
    } else {
      text.append(Markdown.head("step", "chose", "from what was seen"));
      chose.forEach(s ->
          text.append(Markdown.row(List.of(s.title(), values(s.choices()), values(s.evidence())))));
    }
    line("");
    report.timeline().stream()
        .filter(e -> !e.who().isEmpty())
        .forEach(e -> line("- %s: %s".formatted(md(e.who()), md(e.what()))));
    ask(OpenQuestion.WEIGHED.text());
  }

  private void steps() {
    section("Steps");
    text.append(
        Markdown.head("step", "state", "first begin to end", "expected", "attempts", "trouble"));
    for (StepReport s : report.steps()) {
      text.append(
          Markdown.row(
              List.of(
                  s.title(),
                  s.state(),
                  s.began() == null ? "" : show(s.seconds()),
                  show(s.expectedSeconds()),
                  Integer.toString(s.attempts()),
                  s.trouble())));
    }
  }

  private void checklist() {
    section("Checklist");
    Map<String, String> boxes = new TreeMap<>();
    report.steps().stream()
        .filter(s -> s.action().equals(VerifyChecklist.NAME))
        .forEach(s -> boxes.putAll(s.evidence()));
    if (boxes.isEmpty()) {
      line("It was not gone through to its end: `chrysalis verify`.");
      return;
    }
    text.append(Markdown.head("box", "found"));
    boxes.forEach(this::row);
    if (boxes.values().stream().anyMatch(v -> v.startsWith("UNKNOWN"))) {
      line("");
      ask("look at the boxes that are UNKNOWN, and write down what you saw.");
    }
  }

  private void evidence() {
    section("What was kept as evidence");
    line("- the journal: `chrysalis report %s -o json`".formatted(report.run()));
    for (StepReport s : report.steps()) {
      String kept = s.evidence().getOrDefault("record", "");
      if (!kept.isEmpty()) {
        line("- %s: record %s in the vault".formatted(md(s.title()), md(kept)));
      }
      String aside = s.evidence().getOrDefault("aside", "");
      if (!aside.isEmpty()) {
        line("- %s: old data as %s (`chrysalis aside list`)".formatted(md(s.title()), md(aside)));
      }
    }
  }

  private void changes() {
    section("What to change");
    if (report.deviations().isEmpty()) {
      line(
          report.succeeded()
              ? "The run went as it was planned."
              : "No step differed from the plan, but the run is " + report.status() + ".");
    }
    for (Deviation d : report.deviations()) {
      line("- [ ] %s %s".formatted(md(d.what()), md(d.change())));
    }
    line("");
    line("The runbooks are brought up to date by `chrysalis runbook --write DIR`.");
  }

  private void learnt() {
    section("What people say");
    ask(OpenQuestion.LEARNT.text());
    line("");
    line("## Action items");
    line("");
    text.append(Markdown.head("what", "who", "until when", "prevents, or shortens"));
    line("| " + TODO + "one row for each | | | |");
  }

  private void section(String title) {
    line("");
    line("## " + title);
    line("");
  }

  private void ask(String question) {
    line("- " + TODO + question);
  }

  private void row(String name, String value) {
    text.append(Markdown.row(List.of(name, value)));
  }

  private void line(String one) {
    text.append(one).append('\n');
  }

  private static String values(Map<String, String> values) {
    return new TreeMap<>(values)
        .entrySet().stream()
            .filter(e -> !e.getValue().isEmpty())
            .map(e -> e.getKey() + " " + e.getValue())
            .collect(Collectors.joining(", "));
  }

  private static String md(String outside) {
    return Markdown.text(outside);
  }

  private static String show(double seconds) {
    return Durations.show(Duration.ofMillis(Math.round(seconds * 1000)));
  }
}
