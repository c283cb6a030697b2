package dev.chrysalis.recovery;

import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.Leases;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.ProofPolicy;
import dev.chrysalis.model.stack.ProofQuery;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.recovery.RestoreBeside.Copy;
import dev.chrysalis.recovery.store.ProofUnderWay;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.proof.Proof;
import dev.chrysalis.vault.proof.Proofs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Proves a restore point by restoring it: beside the living database, on scratch space, with a
/// server of its own, which reads all that it holds and answers the declared queries. The copy is
/// removed afterwards; one that was left by a proof that was cut off goes at the next one.
///
/// What was proved is kept, whatever its outcome: *restored* when the server stands at its target,
/// *queried* after it was asked. A vault that lacks what the restore needs, or has it damaged, is a
/// failed proof, whoever finds that: the controller when it chooses, the agent when it restores, or
/// the server. Where a restore could not even be tried (no room, the vault or the platform does not
/// answer), that is an error and no proof. One such proof of a stack runs at a time.
public final class ProofByRestore {
  private static final int LONGEST_NAME = 24;

  /// What a restore that was tried can end with, and that speaks against the restore point.
  private static final Set<ErrorCode> AGAINST_IT =
      Set.of(
          RecoveryErrors.DOES_NOT_RESTORE,
          PostgresErrors.RECOVERY_STOPPED,
          PostgresErrors.NO_RESTORE_POINT);

  private final String stack;
  private final Datastore store;
  private final WalInVault wal;
  private final RestoreBeside beside;
  private final Leases leases;
  private final Proofs proofs;
  private final InstantSource clock;

  public ProofByRestore(
      String stack,
      Datastore store,
      WalInVault wal,
      RestoreBeside beside,
      Leases leases,
      Proofs proofs,
      InstantSource clock) {
    this.stack = stack;
    this.store = store;
    this.wal = wal;
    this.beside = beside;
    this.leases = leases;
    this.proofs = proofs;
    this.clock = clock;
  }

  /// Restores, asks, keeps the proof and removes the copy.
  ///
  /// @param asked proved at the earliest moment that it can be brought to; empty for the newest
  ///   moment of all
  public Proof prove(
      Optional<SnapshotId> asked,
      Holder holder,
      WalInVault.Reading reading,
      Consumer<JobEvent> seen) {
    try (ProofUnderWay proof =
            new ProofUnderWay(stack, store.name(), holder, leases, proofs, clock);
        Scratch scratch = new Scratch(name(store), proof)) {
      scratch.remove();
      return proof.prove(
          () -> choose(asked, reading),
          _ -> asked.or(() -> wal.newestSnapshot().map(SnapshotId::new)),
          goal -> restored(scratch.name(), goal, proof, seen));
    }
  }

  /// The name of the copy while it is there.
  static String name(Datastore store) {
    String name = "proof-" + store.name();
    return name.substring(0, Math.min(name.length(), LONGEST_NAME));
  }

  private record Goal(RestoreAim aim, WalInVault.Chosen chosen) {}

  private Goal choose(Optional<SnapshotId> asked, WalInVault.Reading reading) {
    RestoreAim aim =
        asked.map(this::endOf).orElseGet(() -> RestoreAim.of(new RestoreGoal.Latest()));
    return new Goal(aim, wal.choose(aim.goal(), aim.timeline(), reading));
  }

  /// The earliest moment to which a snapshot can be brought, which no other snapshot reaches
  /// better.
  private RestoreAim endOf(SnapshotId snapshot) {
    return wal.restorePoint(snapshot.value())
        .map(p -> new RestoreAim(new RestoreGoal.AtLsn(p.from()), Optional.of(p.timeline())))
        .orElseThrow(() ->
            new ChrysalisException(
                PostgresErrors.NO_RESTORE_POINT,
                "no unbroken WAL leads to the end of snapshot " + snapshot,
                "see what else the vault holds: chrysalis restore-points"));
  }

  private Proof restored(String name, Goal goal, ProofUnderWay proof, Consumer<JobEvent> seen) {
    Instant began = clock.instant();
    Map<String, String> facts = new TreeMap<>();
    SnapshotId snapshot = new SnapshotId(goal.chosen().snapshot());
    try {
      Copy copy = beside.restore(name, goal.aim(), goal.chosen(), proof.holder(), seen);
      facts.putAll(Map.of("target", copy.target(), "commit", copy.commit()));
      facts.put("restoredInSeconds", seconds(began));
      Proof _ = proof.keep(snapshot, Proof.Level.RESTORED, true, facts);
      Map<String, String> found = beside.examine(name, queries(), proof.holder(), seen);
      facts.putAll(found);
      facts.put("seconds", seconds(began));
      boolean intact = found.getOrDefault("faults", "").isEmpty();
      return proof.keep(snapshot, Proof.Level.QUERIED, intact, facts);
    } catch (ChrysalisException e) {
      if (!AGAINST_IT.contains(e.code())) {
        throw e;
      }
      return proof.keepFailed(snapshot, ProofUnderWay.fault(e), facts);
    }
  }

  private List<ProofQuery> queries() {
    return store.backup().prove().map(ProofPolicy::queries).orElse(List.of());
  }

  private String seconds(Instant began) {
    return "%.1f".formatted(Duration.between(began, clock.instant()).toMillis() / 1000.0);
  }

  /// The copy, which goes when this is closed.
  private final class Scratch implements AutoCloseable {
    private final String name;
    private final ProofUnderWay proof;

    Scratch(String name, ProofUnderWay proof) {
      this.name = name;
      this.proof = proof;
    }

    String name() {
      return name;
    }

    /// Throws where the lease is lost: another proof may have a copy of that name by now.
    void remove() {
      proof.requireLease();
      beside.drop(name, proof.holder());
    }

    @Override
    public void close() {
      remove();
    }
  }
}
