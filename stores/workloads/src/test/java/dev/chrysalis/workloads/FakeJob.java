package dev.chrysalis.workloads;

import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.JobState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A job of a fake agent: it does a little whenever somebody speaks to its agent.
public final class FakeJob {
  public final String id;
  public final List<String> task;
  public final List<JobEvent> events = new ArrayList<>();
  public int attempt;
  public int phase;
  public boolean lost;
  private @Nullable JobState end;

  public FakeJob(String id, int attempt, List<String> task) {
    this.id = id;
    this.attempt = attempt;
    this.task = List.copyOf(task);
  }

  public boolean runs() {
    return end == null && !lost;
  }

  public void again(int next) {
    attempt = next;
    phase = 0;
    lost = false;
  }

  public void says(JobEvent event) {
    events.add(event);
    switch (event) {
      case JobEvent.Done done -> end = new JobState.Done(done.result());
      case JobEvent.Failed f -> end = new JobState.Failed(f.code(), f.message(), f.hint());
      case JobEvent.Progress _, JobEvent.Note _ -> {}
    }
  }

  public JobState state() {
    if (end != null) {
      return end;
    }
    return lost
        ? new JobState.Lost(attempt)
        : new JobState.Running(attempt, new JobEvent.Progress("phase " + phase, phase, 0));
  }

  /// The value of an option of the task, empty where it has none.
  public String option(String name) {
    int at = task.indexOf(name);
    return at < 0 ? "" : task.get(at + 1);
  }
}
