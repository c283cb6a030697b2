package dev.chrysalis.cli;

import dev.chrysalis.platform.job.JobEvent;
import java.io.PrintStream;
import java.util.function.Consumer;

/// Shows a job's events, one line each.
public record JobLine(PrintStream out, String name) implements Consumer<JobEvent> {
  private static final double MEGABYTE = 1e6;

  @Override
  public void accept(JobEvent event) {
    switch (event) {
      case JobEvent.Progress p ->
          out.printf(
              "%s: %s, %.0f of %.0f MB%n",
              name, p.stage(), p.done() / MEGABYTE, p.total() / MEGABYTE);
      case JobEvent.Note n -> out.println(name + ": " + n.text());
      case JobEvent.Done _, JobEvent.Failed _ -> {}
    }
    out.flush();
  }
}
