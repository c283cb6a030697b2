package dev.chrysalis.recovery.store;

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
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.proof.Proof;
import dev.chrysalis.vault.proof.Proofs;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Proves restore points by agents that restore them beside living members, read what is there, and
/// remove it.
///
/// What was proved is kept, whatever its outcome. Where it could not even be tried, that is an
/// error and no proof. One such proof of a stack is made at a time.
public final class ProofByAgent {
  private static final Duration LONGEST_DEAD = Duration.ofSeconds(20);

  /// What an agent fails with where the vault does not hold what it is to hold.
  private static final Set<ErrorCode> NOT_IN_VAULT =
      Set.of(
          VaultErrors.OBJECT_MISSING,
          VaultErrors.SNAPSHOT_INCOMPLETE,
          VaultErrors.OBJECT_DAMAGED,
          VaultErrors.LOG_GAP);

  private final String stack;
  private final String store;
  private final BesideJobs jobs;
  private final Leases leases;
  private final Proofs proofs;
  private final InstantSource clock;

  public ProofByAgent(
      String stack, String store, Jobs jobs, Leases leases, Proofs proofs, InstantSource clock) {
    this.stack = stack;
    this.store = store;
    this.jobs = new BesideJobs(stack, jobs, leases, clock);
    this.leases = leases;
    this.proofs = proofs;
    this.clock = clock;
  }

  /// The name of the lease under which proofs of a stack are made.
  public static String lock(String stack) {
    return stack + "-proof";
  }

  /// What is tried.
  ///
  /// @param snapshot under which the proof is kept
  /// @param beside whose agent does it
  /// @param task of that agent
  /// @param facts what is known beforehand, for the proof
  public record Attempt(
      SnapshotId snapshot, MemberId beside, List<String> task, Map<String, String> facts) {}

  /// Tries it, and keeps the proof.
  ///
  /// @param chosen asked for once no other proof is under way
  /// @param against what the agent fails with that speaks against the restore point, beside what
  ///   the vault does not hold
  public Proof prove(
      Supplier<Attempt> chosen, Set<ErrorCode> against, Holder holder, Consumer<JobEvent> seen) {
    try (Lease lease = leases.acquire(lock(stack), holder, LONGEST_DEAD)) {
      Attempt attempt = chosen.get();
      JobState end = jobs.run(attempt.beside(), "prove-" + store, attempt.task(), holder, seen);
      // Throws where it was lost: another proof may be under way by now.
      Object _ = lease.token();
      return keep(attempt, against, holder, end);
    }
  }

  private Proof keep(Attempt attempt, Set<ErrorCode> against, Holder holder, JobState end) {
    Map<String, String> facts = new TreeMap<>(attempt.facts());
    facts.putAll(facts(end, against));
    Proof proof =
        new Proof(
            store,
            attempt.snapshot(),
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

  private static Map<String, String> facts(JobState end, Set<ErrorCode> against) {
    return switch (end) {
      case JobState.Done done -> done.result();
      case JobState.Failed f when isOf(against, f.code()) || isOf(NOT_IN_VAULT, f.code()) ->
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

  private static boolean isOf(Set<ErrorCode> codes, String code) {
    return codes.stream().anyMatch(c -> c.toString().equals(code));
  }
}
