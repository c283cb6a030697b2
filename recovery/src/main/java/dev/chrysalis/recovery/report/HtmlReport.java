package dev.chrysalis.recovery.report;

import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.recovery.report.RunReport.StepReport;
import dev.chrysalis.recovery.report.RunReport.TimelineEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The report as one page that needs nothing else: no scripts, no other files.
public final class HtmlReport {
  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>@title</title>
      <style>
      :root { color-scheme: light dark; }
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
      h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
      .facts { display: flex; flex-wrap: wrap; gap: 1rem; }
      .fact { border: 1px solid #8886; border-radius: .5rem; padding: .6rem 1rem; }
      .fact b { display: block; font-size: 1.25rem; }
      table { border-collapse: collapse; width: 100%; }
      th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #8884; }
      td.n { text-align: right; white-space: nowrap; }
      .DONE, .SUCCEEDED { color: #17803d; } .FAILED, .UNKNOWN, .ABORTED { color: #c0272d; }
      .bar { position: relative; height: .7rem; background: #8882; min-width: 12rem; }
      .bar i { position: absolute; height: 100%; background: #3b82c4; min-width: 2px; }
      code, dl, summary { font-size: .85rem; overflow-wrap: anywhere; }
      summary { cursor: pointer; opacity: .7; }
      dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .8rem; margin: .3rem 0; }
      dt { opacity: .7; } dd { margin: 0; }
      .facts .wide { flex-basis: 100%; } .wide b { font-size: 1rem; }
      @media print { details > dl { display: grid; } summary { display: none; } }
      </style></head><body>
      <h1>@title <span class="@status">@status</span></h1>
      <p>@summary</p>
      <div class="facts">@facts</div>
      <h2>Steps</h2>
      <table><tr><th>Step</th><th>State</th><th>Took</th><th>Expected</th><th>When</th></tr>@steps</table>
      <h2>What to change</h2>
      @changes
      <h2>What only people know</h2>
      <ul>@questions</ul>
      <p>The post-mortem, filled with all of this: <code>chrysalis report @run --post-mortem</code>.
      The review, for a calendar: <code>chrysalis report @run --review review.ics</code>.</p>
      <h2>Timeline</h2>
      <table>@timeline</table>
      </body></html>
      """;

  /// Texts beyond that get a line of their own.
  private static final int LONG = 40;

  private HtmlReport() {}

  public static String of(RunReport report) {
    return PAGE.replace("@title", escape(report.scenario() + " of " + report.stack()))
        .replace("@status", escape(report.status()))
        .replace("@summary", escape(report.summary()))
        .replace("@facts", facts(report))
        .replace("@run", escape(report.run()))
        .replace("@changes", changes(report))
        .replace("@questions", questions())
        .replace(
            "@steps",
            report.steps().stream().map(s -> step(report, s)).collect(Collectors.joining("\n")))
        .replace(
            "@timeline",
            report.timeline().stream().map(HtmlReport::entry).collect(Collectors.joining("\n")));
  }

  /// Writes the page to a file of its owner's own, replacing an older one.
  public static void write(RunReport report, Path file) throws IOException {
    OwnFile.write(file, of(report));
  }

  private static String changes(RunReport r) {
    return r.deviations().isEmpty()
        ? "<p>%s</p>"
            .formatted(
                r.succeeded()
                    ? "Nothing: the run went as planned."
                    : "No step differed from the plan, but the run is " + r.status() + ".")
        : r.deviations().stream()
            .map(d -> "<li>%s<br>%s</li>".formatted(escape(d.what()), escape(d.change())))
            .collect(Collectors.joining("", "<ul>", "</ul>"));
  }

  private static String questions() {
    return Stream.of(OpenQuestion.values())
        .map(q -> "<li>%s</li>".formatted(escape(capitalised(q.text()))))
        .collect(Collectors.joining());
  }

  private static String capitalised(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static String facts(RunReport r) {
    StringBuilder html = new StringBuilder();
    fact(html, "Run", r.run());
    fact(html, "Started", r.started().toString());
    fact(html, "Took", show(r.seconds()));
    fact(html, "Objective", show(r.objectiveSeconds()) + r.objectiveInWords());
    fact(html, "Loss expected", r.expectedLoss());
    if (!r.statedLoss().isEmpty()) {
      fact(html, "Lost", r.statedLoss());
    }
    r.measured().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> fact(html, e.getKey(), e.getValue()));
    return html.toString();
  }

  private static void fact(StringBuilder html, String name, String value) {
    String width = value.length() > LONG ? " wide" : "";
    html.append("<div class=\"fact").append(width).append("\">");
    html.append(escape(name)).append("<b>");
    html.append(escape(value)).append("</b></div>\n");
  }

  private static String step(RunReport report, StepReport s) {
    return """
    <tr><td>%s%s</td><td class="%s">%s%s</td><td class="n">%s</td><td class="n">%s</td><td>%s</td></tr>\
    """
        .formatted(
            escape(s.title()),
            details(s),
            escape(s.state()),
            escape(s.state()),
            s.attempts() > 1 ? " (attempt " + s.attempts() + ")" : "",
            s.began() == null ? "" : show(s.seconds()),
            show(s.expectedSeconds()),
            bar(report, s));
  }

  private static String details(StepReport s) {
    String trouble =
        s.trouble().isEmpty()
            ? ""
            : "<br><span class=\"FAILED\">" + escape(s.trouble()) + "</span>";
    SortedMap<String, String> facts = new TreeMap<>(s.evidence());
    s.choices()
        .forEach((key, value) -> {
          if (!value.equals(facts.get(key))) {
            facts.put("chose " + key, value);
          }
        });
    String rows =
        facts.entrySet().stream()
            .filter(e -> !e.getValue().isEmpty())
            .map(e -> "<dt>%s</dt><dd>%s</dd>".formatted(escape(e.getKey()), escape(e.getValue())))
            .collect(Collectors.joining());
    return trouble
        + (rows.isEmpty()
            ? ""
            : "<details><summary>evidence</summary><dl>" + rows + "</dl></details>");
  }

  private static String bar(RunReport report, StepReport s) {
    Instant began = s.began();
    double whole = Math.max(report.seconds(), 0.01);
    if (began == null) {
      return "";
    }
    double from = Duration.between(report.started(), began).toMillis() / 10.0 / whole;
    return "<div class=\"bar\"><i style=\"left:%.2f%%;width:%.2f%%\"></i></div>"
        .formatted(Math.min(from, 100), Math.min(100 * s.seconds() / whole, 100));
  }

  private static String entry(TimelineEntry e) {
    return "<tr><td class=\"n\"><code>%s</code></td><td>%s</td><td>%s</td></tr>"
        .formatted(e.at(), escape(e.what()), escape(e.who()));
  }

  private static String show(double seconds) {
    return Durations.show(Duration.ofMillis(Math.round(seconds * 1000)));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("@", "&#64;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
