package dev.chrysalis.agent.job;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.job.JobState;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Makes a job stop: leaves a mark that says why, sends its process the signal to end, and waits.
final class JobCanceller {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Spool spool;

  JobCanceller(Spool spool) {
    this.spool = spool;
  }

  void cancel(JobDirectory job, Token token) {
    try (LockFile _ = spool.starting()) {
      spool.admit(token);
      if (!running(job)) {
        return;
      }
      PrivateFiles.replace(job.cancelFile(), token + "\n");
      Optional<ProcessHandle> process = job.process().flatMap(JobProcess::handle);
      process.ifPresent(ProcessHandle::destroy);
      long until = System.nanoTime() + PATIENCE.toNanos();
      while (running(job)) {
        if (process.isEmpty() || System.nanoTime() > until) {
          throw stillRuns(job, process);
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    } catch (IOException e) {
      throw PrivateFiles.failed("cancel the job in", job.path(), e);
    }
  }

  private static boolean running(JobDirectory job) throws IOException {
    return job.state() instanceof JobState.Running;
  }

  private static ChrysalisException stillRuns(JobDirectory job, Optional<ProcessHandle> process) {
    return new ChrysalisException(
        AgentErrors.CANCEL_FAILED,
        "job %s holds on: %s"
            .formatted(
                job.id(),
                process.map(p -> "process " + p.pid()).orElse("its process is not to be seen")),
        "see " + job.outputFile() + ", then end the process by hand");
  }
}
