package dev.chrysalis.agent.job;

import dev.chrysalis.platform.job.JobLines;
import dev.chrysalis.platform.job.JobState;
import java.io.IOException;
import java.io.PrintStream;

/// Prints what is known of jobs.
final class StatePrinter {
  private final PrintStream out;
  private final boolean json;
  private final JobLines lines = new JobLines();

  StatePrinter(PrintStream out, boolean json) {
    this.out = out;
    this.json = json;
  }

  void print(JobDirectory job) {
    JobState state = state(job);
    out.println(json ? lines.encode(state) : job.id() + " " + text(state));
    out.flush();
  }

  static JobState state(JobDirectory job) {
    try {
      return job.state();
    } catch (IOException e) {
      throw PrivateFiles.failed("read", job.path(), e);
    }
  }

  private static String text(JobState state) {
    return switch (state) {
      case JobState.NotStarted _ -> "not started";
      case JobState.Running r -> "running, attempt " + r.attempt() + ", " + r.last().stage();
      case JobState.Done _ -> "done";
      case JobState.Failed f -> "failed with " + f.code() + ": " + f.message();
      case JobState.Lost l -> "lost in attempt " + l.attempt();
    };
  }
}
