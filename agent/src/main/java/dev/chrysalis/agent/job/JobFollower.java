package dev.chrysalis.agent.job;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.EventPrinter;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.JobLine;
import dev.chrysalis.platform.job.JobLines;
import dev.chrysalis.platform.job.JobState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Prints a job's events as they come, until its last. Complete lines only: what follows the last
/// line break is still being written, or was cut short by a crash.
final class JobFollower {
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int BUFFER = 64 * 1024;

  private final JobDirectory job;
  private final EventPrinter printer;
  private final BooleanSupplier heard;
  private final JobLines lines = new JobLines();
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private long position;
  private boolean ended;

  /// `heard` says whether anybody still reads what is printed.
  JobFollower(JobDirectory job, EventPrinter printer, BooleanSupplier heard) {
    this.job = job;
    this.printer = printer;
    this.heard = heard;
  }

  /// Prints the events from number `from`. Returns after the job's last event; `JOB_LOST` when its
  /// process is gone without one, `NO_SUCH_JOB` when it was never started.
  void follow(long from) {
    try {
      while (heard.getAsBoolean()) {
        JobState state = job.state();
        // Read after the state: an end that the state tells is in the file by now.
        print(from);
        if (ended) {
          return;
        }
        switch (state) {
          case JobState.NotStarted _ -> throw noSuchJob();
          case JobState.Lost lost -> throw lost(lost);
          case JobState.Running _, JobState.Done _, JobState.Failed _ -> {}
        }
        LockSupport.parkNanos(PAUSE.toNanos());
        if (Thread.currentThread().isInterrupted()) {
          return;
        }
      }
    } catch (IOException e) {
      throw PrivateFiles.failed("read", job.path(), e);
    }
  }

  private void print(long from) throws IOException {
    try (FileChannel channel = FileChannel.open(job.eventsFile(), StandardOpenOption.READ)) {
      // From the last line break on: the next attempt removes a line that was cut short.
      begun.reset();
      channel.position(position);
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
      while (!ended && channel.read(buffer) > 0) {
        buffer.flip();
        while (buffer.hasRemaining() && !ended) {
          accept(buffer.get(), from);
        }
        buffer.clear();
      }
    } catch (NoSuchFileException e) {
      position = 0; // Nothing was said yet.
    }
  }

  private void accept(byte b, long from) {
    begun.write(b);
    if (b != '\n') {
      return;
    }
    position += begun.size();
    String text = begun.toString(StandardCharsets.UTF_8).stripTrailing();
    begun.reset();
    Optional<JobLine> line = lines.decode(text);
    line.filter(l -> l.n() >= from).ifPresent(printer::print);
    ended =
        line.map(JobLine::event)
            .filter(e -> e instanceof JobEvent.Done || e instanceof JobEvent.Failed)
            .isPresent();
  }

  private ChrysalisException noSuchJob() {
    return new ChrysalisException(
        AgentErrors.NO_SUCH_JOB,
        "job " + job.id() + " was not started here",
        "see the jobs of this member: chrysalis agent job list");
  }

  private ChrysalisException lost(JobState.Lost lost) {
    return new ChrysalisException(
        AgentErrors.JOB_LOST,
        "job %s: the process of attempt %d is gone and left no result"
            .formatted(job.id(), lost.attempt()),
        "see %s; if its task does no harm when it runs again, start it with --attempt %d"
            .formatted(job.outputFile(), lost.attempt() + 1));
  }
}
