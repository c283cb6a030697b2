package dev.chrysalis.agent.task;

import dev.chrysalis.platform.job.JobEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;

/// Hands on notes at once, and progress only when the stage changes, when it is complete, or when
/// some time has passed: a worker may tell of every chunk.
public final class PacedReport implements Report {
  private static final Duration PACE = Duration.ofMillis(500);

  private final InstantSource clock;
  private final Consumer<JobEvent> to;
  private String stage = "";
  private Instant next = Instant.MIN;

  public PacedReport(InstantSource clock, Consumer<JobEvent> to) {
    this.clock = clock;
    this.to = to;
  }

  @Override
  public synchronized void progress(String nextStage, long done, long total) {
    Instant now = clock.instant();
    boolean complete = total > 0 && done == total;
    if (nextStage.equals(stage) && !complete && now.isBefore(next)) {
      return;
    }
    stage = nextStage;
    next = now.plus(PACE);
    to.accept(new JobEvent.Progress(nextStage, done, total));
  }

  @Override
  public synchronized void note(String text) {
    to.accept(new JobEvent.Note(text));
  }
}
