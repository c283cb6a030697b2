package dev.chrysalis.recovery.store;

import dev.chrysalis.engine.Holder;
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
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// Proves restore points by agents that restore them beside living members, read what is there, and
/// remove it.
///
/// What was proved is kept, whatever its outcome. A vault that lacks what the restore needs, or has
/// it damaged, is a failed proof, whether that is found when it is chosen or by the agent. Where it
/// could not even be tried, that is an error and no proof. One such proof of a stack is made at a
/// time.
public final class ProofByAgent {
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

  /// What is tried.
  ///
  /// @param snapshot under which the proof is kept
  /// @param missing what of it is known to be missing in the vault, in words; empty where nothing
  ///   is
  /// @param beside whose agent does it; asked for where nothing is missing
  /// @param task of that agent
  /// @param facts what is known beforehand, for the proof
  public record Attempt(
      SnapshotId snapshot,
      String missing,
      Supplier<MemberId> beside,
      List<String> task,
      Map<String, String> facts) {}

  /// What speaks against a restore point.
  ///
  /// @param found the snapshot of which an error while it is chosen tells that it is missing or
  ///   damaged; empty where it tells that of none
  /// @param codes what the agent fails with that does, beside what the vault does not hold
  public record Against(
      Function<ChrysalisException, Optional<SnapshotId>> found, Set<ErrorCode> codes) {}

  /// Tries it, and keeps the proof.
  ///
  /// @param chosen asked for once no other proof is under way
  public Proof prove(
      Supplier<Attempt> chosen, Against against, Holder holder, Consumer<JobEvent> seen) {
    try (ProofUnderWay proof = new ProofUnderWay(stack, store, holder, leases, proofs, clock)) {
      return proof.prove(
          chosen, against.found(), attempt -> tried(proof, attempt, against.codes(), seen));
    }
  }

  private Proof tried(
      ProofUnderWay proof, Attempt attempt, Set<ErrorCode> against, Consumer<JobEvent> seen) {
    if (!attempt.missing().isEmpty()) {
      String fault = VaultErrors.SNAPSHOT_INCOMPLETE + ": " + attempt.missing();
      return proof.keepFailed(attempt.snapshot(), fault, attempt.facts());
    }
    return switch (run(proof, attempt, seen)) {
      case JobState.Done done -> {
        Map<String, String> facts = new TreeMap<>(attempt.facts());
        facts.putAll(done.result());
        boolean intact = facts.getOrDefault("faults", "").isEmpty();
        yield proof.keep(attempt.snapshot(), Proof.Level.QUERIED, intact, facts);
      }
      case JobState.Failed f when isOf(against, f.code()) || isOf(NOT_IN_VAULT, f.code()) ->
          proof.keepFailed(attempt.snapshot(), f.code() + ": " + f.message(), attempt.facts());
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

  private JobState run(ProofUnderWay proof, Attempt attempt, Consumer<JobEvent> seen) {
    return jobs.run(attempt.beside().get(), "prove-" + store, attempt.task(), proof.holder(), seen);
  }

  private static boolean isOf(Set<ErrorCode> codes, String code) {
    return codes.stream().anyMatch(c -> c.toString().equals(code));
  }
}
