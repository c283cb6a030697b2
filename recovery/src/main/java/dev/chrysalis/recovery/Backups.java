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
import dev.chrysalis.recovery.store.StoreState;
import dev.chrysalis.workloads.SideBySide;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Takes backups beside the members. The stack's lease is held only while the job is started, so
/// that a recovery never waits for a backup to end, and no backup begins in the middle of a
/// recovery.
public final class Backups {
  private static final Duration WAIT_FOR_LEASE = Duration.ofSeconds(40);
  private static final Set<String> SIZES = Set.of("files", "bytes", "newBytes", "storedBytes");
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

  /// Takes a backup of a datastore, beside the members that it is backed up beside, all at once,
  /// and waits for its end. Returns the jobs' results as one. A job that is lost (the agent was
  /// killed) is an error: nothing of it is visible in the vault.
  public Map<String, String> take(Store store, Holder holder, Consumer<JobEvent> seen) {
    StoreState state = store.look().state();
    List<MemberId> members = state.backedUpBeside();
    if (members.isEmpty()) {
      throw nobody(store);
    }
    if (!state.leftOut().isEmpty()) {
      seen.accept(
          new JobEvent.Note(
              state.leftOut() + " do not serve: of them there is what was backed up before"));
    }
    String name = NAME.format(clock.instant());
    List<String> task = store.backupTask(name);
    try (Lease lease = leases.acquire(stack.name(), holder, WAIT_FOR_LEASE)) {
      List<MemberId> _ =
          SideBySide.map(
              members,
              member -> {
                jobs.start(member, id(name, member), lease.token(), task);
                return member;
              });
    }
    return asOne(
        SideBySide.map(
            members,
            member ->
                ended(member, id(name, member), members.size() == 1 ? seen : of(member, seen))));
  }

  /// Where several are at work, who is.
  private static Consumer<JobEvent> of(MemberId member, Consumer<JobEvent> seen) {
    return event ->
        seen.accept(
            switch (event) {
              case JobEvent.Progress p ->
                  new JobEvent.Progress(member + " is " + p.stage(), p.done(), p.total());
              case JobEvent.Note n -> new JobEvent.Note(member + ": " + n.text());
              case JobEvent.Done done -> done;
              case JobEvent.Failed failed -> failed;
            });
  }

  private static JobId id(String name, MemberId member) {
    return new JobId(name + "-" + member);
  }

  private Map<String, String> ended(MemberId member, JobId id, Consumer<JobEvent> seen) {
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

  /// Sizes are added up, the time is that of the slowest; of all else each member's stands there.
  private static Map<String, String> asOne(List<Map<String, String>> results) {
    Map<String, String> one = new TreeMap<>();
    for (Map<String, String> result : results) {
      result.forEach((key, value) -> one.merge(key, value, (a, b) -> both(key, a, b)));
    }
    return one;
  }

  private static String both(String key, String one, String other) {
    if (SIZES.contains(key)) {
      return Long.toString(Long.parseLong(one) + Long.parseLong(other));
    }
    if (key.equals("seconds")) {
      return Double.parseDouble(one) < Double.parseDouble(other) ? other : one;
    }
    return one.equals(other) ? one : one + "," + other;
  }

  private static ChrysalisException nobody(Store store) {
    return new ChrysalisException(
        RecoveryErrors.NOBODY_TAKES_WRITES,
        store.declared().name() + " has no member beside which it could be backed up now",
        "see what is broken: chrysalis assess");
  }
}
