package dev.chrysalis.recovery.redis;

import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.Lease;
import dev.chrysalis.engine.Leases;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.JobState;
import dev.chrysalis.platform.job.Jobs;
import dev.chrysalis.recovery.ProofByRestore;
import dev.chrysalis.recovery.store.BesideJobs;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.control.MemberView;
import dev.chrysalis.redis.control.RestorePoints;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.proof.Proof;
import dev.chrysalis.vault.proof.Proofs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Proves a restore point of Redis by restoring it: the agent beside a replica, or beside the
/// master where there is none, restores it into a scratch folder, lets a server of its own load all
/// of it, counts the keys, and removes it. Nothing living is touched but the machine's disk and
/// memory.
///
/// What was proved is kept, whatever its outcome. Where it could not even be tried, that is an
/// error and no proof. One such proof of a stack is made at a time.
public final class RedisTrial {
  private static final Duration LONGEST_DEAD = Duration.ofSeconds(20);

  /// What an agent fails with that speaks against the restore point.
  private static final Set<String> AGAINST_IT =
      Stream.of(
              VaultErrors.OBJECT_MISSING,
              VaultErrors.SNAPSHOT_INCOMPLETE,
              VaultErrors.OBJECT_DAMAGED,
              VaultErrors.LOG_GAP,
              RedisErrors.RDB_DAMAGED,
              RedisErrors.AOF_DAMAGED,
              RedisErrors.DOES_NOT_LOAD)
          .map(ErrorCode::toString)
          .collect(Collectors.toUnmodifiableSet());

  private final String stack;
  private final RedisStore store;
  private final BesideJobs jobs;
  private final Leases leases;
  private final Proofs proofs;
  private final InstantSource clock;

  public RedisTrial(
      String stack,
      RedisStore store,
      Jobs jobs,
      Leases leases,
      Proofs proofs,
      InstantSource clock) {
    this.stack = stack;
    this.store = store;
    this.jobs = new BesideJobs(stack, jobs, leases, clock);
    this.leases = leases;
    this.proofs = proofs;
    this.clock = clock;
  }

  /// Restores, asks, and keeps the proof.
  ///
  /// @param asked proved at the moment that it stands for; empty for the newest moment
  public Proof prove(Optional<SnapshotId> asked, Holder holder, Consumer<JobEvent> seen) {
    try (Lease lease = leases.acquire(ProofByRestore.lock(stack), holder, LONGEST_DEAD)) {
      RestorePoints.Chosen point = store.points().choose(asked.map(this::momentOf));
      List<String> task = new ArrayList<>(List.of("redis", "examine"));
      task.addAll(RedisStore.options(point));
      String name = "prove-" + store.declared().name();
      JobState end = jobs.run(beside(), name, task, holder, seen);
      // Throws where it was lost: another proof may be under way by now.
      Object _ = lease.token();
      return keep(new SnapshotId(point.snapshot()), holder, end);
    }
  }

  /// The moment that a base stands for.
  private Instant momentOf(SnapshotId snapshot) {
    return store.points().all().stream()
        .filter(p -> p.snapshot().equals(snapshot.value()))
        .findFirst()
        .map(RestorePoints.Point::from)
        .orElseThrow(() ->
            new ChrysalisException(
                VaultErrors.NO_SUCH_SNAPSHOT,
                snapshot + " is no restore point",
                "see which there are: chrysalis restore-points"));
  }

  private MemberId beside() {
    List<MemberView> servers = ((RedisStoreState) store.look().state()).state().servers();
    return Stream.concat(
            servers.stream().filter(MemberView::replica),
            servers.stream().filter(MemberView::leads))
        .map(MemberView::id)
        .findFirst()
        .orElseThrow(() ->
            new ChrysalisException(
                RedisErrors.UNREACHABLE,
                "no server of " + store.declared().name() + " answers, beside which to try it",
                "see what is broken: chrysalis assess"));
  }

  private Proof keep(SnapshotId snapshot, Holder holder, JobState end) {
    Map<String, String> facts = new TreeMap<>(facts(end));
    Proof proof =
        new Proof(
            store.declared().name(),
            snapshot,
            end instanceof JobState.Done ? Proof.Level.QUERIED : Proof.Level.RESTORED,
            facts.getOrDefault("faults", "").isEmpty(),
            clock.instant(),
            holder.person(),
            1,
            List.of(),
            List.of(),
            facts);
    proofs.keep(proof);
    return proof;
  }

  private static Map<String, String> facts(JobState end) {
    return switch (end) {
      case JobState.Done done -> done.result();
      case JobState.Failed f when AGAINST_IT.contains(f.code()) ->
          Map.of("faults", f.code() + ": " + f.message());
      case JobState.Failed f ->
          throw new ChrysalisException(
              PlatformErrors.JOB_FAILED,
              "it could not be tried: " + f.code() + ": " + f.message(),
              f.hint());
      case JobState.Lost _, JobState.Running _, JobState.NotStarted _ ->
          throw new ChrysalisException(
              PlatformErrors.JOB_UNKNOWN,
              "the trial was cut off",
              "a recovery ends what runs beside its members; try it again: chrysalis prove --restore");
    };
  }
}
