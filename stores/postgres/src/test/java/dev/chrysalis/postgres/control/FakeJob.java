package dev.chrysalis.postgres.control;

import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.JobState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A job of a fake agent: it does a little whenever somebody speaks to its agent.
final class FakeJob {
  final String id;
  final List<String> task;
  final List<JobEvent> events = new ArrayList<>();
  int attempt;
  int phase;
  boolean lost;
  private @Nullable JobState end;

  FakeJob(String id, int attempt, List<String> task) {
    this.id = id;
    this.attempt = attempt;
    this.task = List.copyOf(task);
  }

  boolean runs() {
    return end == null && !lost;
  }

  void again(int next) {
    attempt = next;
    phase = 0;
    lost = false;
  }

  void says(JobEvent event) {
    events.add(event);
    switch (event) {
      case JobEvent.Done done -> end = new JobState.Done(done.result());
      case JobEvent.Failed f -> end = new JobState.Failed(f.code(), f.message(), f.hint());
      case JobEvent.Progress _, JobEvent.Note _ -> {}
    }
  }

  JobState state() {
    if (end != null) {
      return end;
    }
    return lost
        ? new JobState.Lost(attempt)
        : new JobState.Running(attempt, new JobEvent.Progress("phase " + phase, phase, 0));
  }

  /// The value of an option of the task, empty where it has none.
  String option(String name) {
    int at = task.indexOf(name);
    return at < 0 ? "" : task.get(at + 1);
  }
}
