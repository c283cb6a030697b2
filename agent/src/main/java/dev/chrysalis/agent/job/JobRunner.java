package dev.chrysalis.agent.job;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Failures;
import dev.chrysalis.agent.task.PacedReport;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.Task;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.JobEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Runs an attempt of a job in this process, which ends afterwards.
///
/// 1. The job's lock is taken, and kept until the result is on disk.
/// 2. Unless some process took the attempt on before: the volume is taken, if the task changes it.
/// 3. The attempt is taken on in `process.json`.
/// 4. The task runs; what it reports becomes events; its result, or its failure, is the last.
///
/// A signal to end interrupts the task and waits for it to give up, so that a cancelled job ends as
/// one that failed and says so. Holds: a result is on disk before the lock is given up; so a job
/// without result whose lock is free is lost.
final class JobRunner {
  private static final Duration LOOKERS_PASS = Duration.ofSeconds(30);
  private static final Duration GIVE_UP = Duration.ofSeconds(20);

  private final AgentEnvironment environment;
  private final Spool spool;
  private final TaskParser parser;
  private final AtomicBoolean signalled = new AtomicBoolean();
  private final CountDownLatch over = new CountDownLatch(1);

  JobRunner(AgentEnvironment environment, Spool spool, TaskParser parser) {
    this.environment = environment;
    this.spool = spool;
    this.parser = parser;
  }

  /// Returns the exit code of the job's process.
  int run(JobDirectory job, int attempt) {
    try {
      Optional<LockFile> lock = LockFile.take(job.lockFile(), LOOKERS_PASS);
      return lock.isPresent() ? run(job, attempt, lock.get()) : 0;
    } catch (IOException e) {
      throw PrivateFiles.failed("run the job in", job.path(), e);
    }
  }

  private int run(JobDirectory job, int attempt, LockFile taken) throws IOException {
    try (LockFile _ = taken) {
      if (isTakenOn(job, attempt)) {
        return 0;
      }
      JobSpec spec = job.spec().orElseThrow(() -> new IOException("no specification"));
      Task task = parser.parse(spec.task());
      try (VolumeGuard.Held _ = task.changesVolume() ? spool.hold("job " + job.id()) : () -> {}) {
        takeOn(job, attempt);
        try (JobJournal journal = JobJournal.open(job.eventsFile(), environment.clock())) {
          return run(job, task, journal);
        }
      }
    }
  }

  private static boolean isTakenOn(JobDirectory job, int attempt) throws IOException {
    return job.process().filter(p -> p.attempt() >= attempt).isPresent() || ended(job);
  }

  private void takeOn(JobDirectory job, int attempt) throws IOException {
    JobProcess process = JobProcess.current(attempt, environment.clock().instant());
    PrivateFiles.replace(job.processFile(), process.toJson());
  }

  private static boolean ended(JobDirectory job) throws IOException {
    return EventTail.of(job.eventsFile())
        .last()
        .filter(l -> l.event() instanceof JobEvent.Done || l.event() instanceof JobEvent.Failed)
        .isPresent();
  }

  private int run(JobDirectory job, Task task, JobJournal journal) {
    Thread worker = Thread.currentThread();
    Thread hook = new Thread(() -> stop(worker), "job-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      JobEvent end = result(job, task, journal);
      journal.append(end);
      return end instanceof JobEvent.Done ? 0 : 1;
    } finally {
      over.countDown();
    }
  }

  private JobEvent result(JobDirectory job, Task task, JobJournal journal) {
    try {
      return new JobEvent.Done(task.run(report(journal)));
    } catch (InterruptedException | RuntimeException | Error e) {
      return Failures.event(signalled.get() ? stopped(job, e) : foreseen(e));
    }
  }

  private Report report(JobJournal journal) {
    return new PacedReport(environment.clock(), journal::append);
  }

  private ChrysalisException foreseen(Throwable failure) {
    Failures.print(failure, environment.err());
    return Failures.toTell(failure);
  }

  private ChrysalisException stopped(JobDirectory job, Throwable cause) {
    return Files.exists(job.cancelFile())
        ? new ChrysalisException(
            AgentErrors.CANCELLED,
            "cancelled before it was done",
            "start it again under another name if it is still wanted",
            cause)
        : new ChrysalisException(
            AgentErrors.TERMINATED,
            "ended by a signal before it was done",
            "see who stopped it, then start it again under another name",
            cause);
  }

  private void stop(Thread worker) {
    if (over.getCount() == 0) {
      return;
    }
    signalled.set(true);
    worker.interrupt();
    try {
      // Past this the job ends without a result, as if it had been killed.
      boolean gaveUp = over.await(GIVE_UP.toSeconds(), TimeUnit.SECONDS);
      if (!gaveUp) {
        environment.err().println("the task did not give up in " + GIVE_UP.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
