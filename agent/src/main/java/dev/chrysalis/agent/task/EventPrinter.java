package dev.chrysalis.agent.task;

import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.JobLine;
import dev.chrysalis.platform.job.JobLines;
import java.io.PrintStream;
import java.util.Locale;
import java.util.TreeMap;

/// Prints events for people, or as JSON lines for programs. Not safe for many threads.
public final class EventPrinter {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  private final PrintStream out;
  private final boolean json;
  private final JobLines lines = new JobLines();

  public EventPrinter(PrintStream out, boolean json) {
    this.out = out;
    this.json = json;
  }

  public void print(JobLine line) {
    out.println(json ? lines.encode(line) : text(line.event()));
    out.flush();
  }

  private static String text(JobEvent event) {
    return switch (event) {
      case JobEvent.Progress p -> progress(p);
      case JobEvent.Note n -> n.text();
      case JobEvent.Done d -> done(d);
      case JobEvent.Failed f -> "failed with " + f.code() + ": " + f.message();
    };
  }

  private static String progress(JobEvent.Progress p) {
    if (p.total() <= 0) {
      return p.stage() + (p.done() > 0 ? ": " + size(p.done()) : "");
    }
    long percent = Math.min(100, Math.round(100.0 * p.done() / p.total()));
    return "%s: %s of %s, %d %%".formatted(p.stage(), size(p.done()), size(p.total()), percent);
  }

  private static String done(JobEvent.Done d) {
    StringBuilder text = new StringBuilder("done");
    new TreeMap<>(d.result())
        .forEach((k, v) -> text.append(System.lineSeparator()).append("  " + k + ": " + v));
    return text.toString();
  }

  private static String size(long bytes) {
    double left = bytes;
    int unit = 0;
    while (left >= 1024 && unit < UNITS.length - 1) {
      left /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", left, UNITS[unit]);
  }
}
