package dev.chrysalis.recovery;

import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.Lease;
import dev.chrysalis.engine.Leases;
import dev.chrysalis.model.Category;
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
import dev.chrysalis.recovery.store.ProofByAgent;
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
  private static final Duration LONGEST_DEAD = Duration.ofSeconds(20);
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
    try (Lease lease = leases.acquire(ProofByAgent.lock(stack), holder, LONGEST_DEAD);
        Scratch scratch = new Scratch(name(store), holder, lease)) {
      scratch.remove();
      return proved(scratch, asked, reading, seen);
    }
  }

  /// The name of the copy while it is there.
  static String name(Datastore store) {
    String name = "proof-" + store.name();
    return name.substring(0, Math.min(name.length(), LONGEST_NAME));
  }

  private Proof proved(
      Scratch scratch,
      Optional<SnapshotId> asked,
      WalInVault.Reading reading,
      Consumer<JobEvent> seen) {
    Goal goal;
    try {
      goal = choose(asked, reading);
    } catch (ChrysalisException e) {
      if (e.code().category() != Category.DAMAGED) {
        throw e;
      }
      String snapshot = asked.map(SnapshotId::value).or(wal::newestSnapshot).orElseThrow(() -> e);
      return fail(snapshot, e, scratch, Map.of());
    }
    return restored(scratch, goal, seen);
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

  private Proof restored(Scratch scratch, Goal goal, Consumer<JobEvent> seen) {
    Instant began = clock.instant();
    Map<String, String> facts = new TreeMap<>();
    String snapshot = goal.chosen().snapshot();
    try {
      Copy copy = beside.restore(scratch.name(), goal.aim(), goal.chosen(), scratch.holder(), seen);
      facts.putAll(Map.of("target", copy.target(), "commit", copy.commit()));
      facts.put("restoredInSeconds", seconds(began));
      keep(snapshot, Proof.Level.RESTORED, true, scratch, facts);
      Map<String, String> found = beside.examine(scratch.name(), queries(), scratch.holder(), seen);
      facts.putAll(found);
      facts.put("seconds", seconds(began));
      boolean intact = found.getOrDefault("faults", "").isEmpty();
      return keep(snapshot, Proof.Level.QUERIED, intact, scratch, facts);
    } catch (ChrysalisException e) {
      if (!AGAINST_IT.contains(e.code())) {
        throw e;
      }
      return fail(snapshot, e, scratch, facts);
    }
  }

  private Proof fail(
      String snapshot, ChrysalisException why, Scratch scratch, Map<String, String> facts) {
    Map<String, String> all = new TreeMap<>(facts);
    all.put("faults", why.code() + ": " + why.getMessage());
    return keep(snapshot, Proof.Level.RESTORED, false, scratch, all);
  }

  private List<ProofQuery> queries() {
    return store.backup().prove().map(ProofPolicy::queries).orElse(List.of());
  }

  private Proof keep(
      String snapshot,
      Proof.Level level,
      boolean intact,
      Scratch scratch,
      Map<String, String> facts) {
    scratch.requireLease();
    Proof proof =
        new Proof(
            store.name(),
            new SnapshotId(snapshot),
            level,
            intact,
            clock.instant(),
            scratch.holder().person(),
            1,
            List.of(),
            List.of(),
            facts);
    proofs.keep(proof);
    return proof;
  }

  private String seconds(Instant began) {
    return "%.1f".formatted(Duration.between(began, clock.instant()).toMillis() / 1000.0);
  }

  /// The copy, which goes when this is closed.
  private final class Scratch implements AutoCloseable {
    private final String name;
    private final Holder holder;
    private final Lease lease;

    Scratch(String name, Holder holder, Lease lease) {
      this.name = name;
      this.holder = holder;
      this.lease = lease;
    }

    String name() {
      return name;
    }

    Holder holder() {
      return holder;
    }

    /// Throws where the lease is lost: another proof may have a copy of that name by now.
    void requireLease() {
      lease.token();
    }

    void remove() {
      requireLease();
      beside.drop(name, holder);
    }

    @Override
    public void close() {
      remove();
    }
  }
}
