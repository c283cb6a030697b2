package dev.chrysalis.recovery.store;

import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.Lease;
import dev.chrysalis.engine.Leases;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.job.JobState;
import dev.chrysalis.platform.job.Jobs;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Work of agents beside living members that belongs to no recovery. The stack's lease is held only
/// while it is started, so that no recovery waits for it: a recovery ends what runs beside its
/// members.
public record BesideJobs(String stack, Jobs jobs, Leases leases, InstantSource clock) {
  private static final Duration WAIT_FOR_LEASE = Duration.ofSeconds(40);

  /// Runs a task to its end. Each call is work of its own.
  ///
  /// @param name small letters and hyphens
  public JobState run(
      MemberId member, String name, List<String> task, Holder holder, Consumer<JobEvent> seen) {
    JobId job = new JobId("%s-%d".formatted(name, clock.instant().toEpochMilli()));
    seen.accept(new JobEvent.Note("beside " + member + " as job " + job));
    try (Lease lease = leases.acquire(stack, holder, WAIT_FOR_LEASE)) {
      jobs.start(member, job, lease.token(), task, 1);
    }
    return jobs.follow(member, job, 0, seen);
  }

  /// What a job that ended well came to; `JOB_FAILED` or `JOB_UNKNOWN` where it did not.
  ///
  /// @param what it was, for who waited: `the restore of keys`
  /// @param goOn how a work that was cut off goes on
  public static Map<String, String> result(JobState end, String what, String goOn) {
    return switch (end) {
      case JobState.Done done -> done.result();
      case JobState.Failed f ->
          throw new ChrysalisException(
              PlatformErrors.JOB_FAILED, f.code() + ": " + f.message(), f.hint());
      case JobState.Lost _, JobState.Running _, JobState.NotStarted _ ->
          throw new ChrysalisException(PlatformErrors.JOB_UNKNOWN, what + " was cut off", goOn);
    };
  }
}
