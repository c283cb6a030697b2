package dev.chrysalis.recovery;

import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.Lease;
import dev.chrysalis.engine.Leases;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.job.JobState;
import dev.chrysalis.platform.job.Jobs;
import dev.chrysalis.recovery.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.function.Consumer;

/// Takes backups beside a member. The stack's lease is held only while the job is started, so that
/// a recovery never waits for a backup to end, and no backup begins in the middle of a recovery.
public final class Backups {
  private static final Duration WAIT_FOR_LEASE = Duration.ofSeconds(40);
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("'backup-'uuuuMMdd't'HHmmss").withZone(ZoneOffset.UTC);

  private final Stack stack;
  private final Leases leases;
  private final Jobs jobs;
  private final Clock clock;

  public Backups(Stack stack, Leases leases, Jobs jobs, Clock clock) {
    this.stack = stack;
    this.leases = leases;
    this.jobs = jobs;
    this.clock = clock;
  }

  /// Takes a backup of a datastore, beside the member that takes writes, and waits for its end.
  /// Returns the job's result. A job that is lost (the agent was killed) is an error: nothing of it
  /// is visible in the vault.
  public Map<String, String> take(Store store, Holder holder, Consumer<JobEvent> seen) {
    MemberId member = writer(store);
    JobId id = new JobId(NAME.format(clock.instant()) + "-" + member);
    try (Lease lease = leases.acquire(stack.name(), holder, WAIT_FOR_LEASE)) {
      jobs.start(member, id, lease.token(), store.backupTask());
    }
    return switch (jobs.follow(member, id, 0, seen)) {
      case JobState.Done done -> done.result();
      case JobState.Failed f ->
          throw new ChrysalisException(
              PlatformErrors.JOB_FAILED,
              "the backup of %s failed with %s: %s".formatted(member, f.code(), f.message()),
              f.hint());
      case JobState.Lost _, JobState.Running _, JobState.NotStarted _ ->
          throw new ChrysalisException(
              PlatformErrors.JOB_UNKNOWN,
              "the backup of " + member + " was cut off",
              "nothing of it is visible in the vault; take another: chrysalis backup");
    };
  }

  private static MemberId writer(Store store) {
    return store
        .look()
        .state()
        .takesWrites()
        .orElseThrow(() ->
            new ChrysalisException(
                RecoveryErrors.NOBODY_TAKES_WRITES,
                store.declared().name() + " has no member that takes writes",
                "see what is broken: chrysalis assess"));
  }
}
