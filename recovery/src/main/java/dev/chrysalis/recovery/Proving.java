package dev.chrysalis.recovery;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.archive.PostgresInVault;
import dev.chrysalis.postgres.control.WalInVault.RestorePoint;
import dev.chrysalis.vault.DamagedObject;
import dev.chrysalis.vault.LogRange;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.proof.Inspection;
import dev.chrysalis.vault.proof.Proof;
import dev.chrysalis.vault.proof.ProofRequest;
import dev.chrysalis.vault.proof.Proofs;
import dev.chrysalis.vault.proof.Sample;
import dev.chrysalis.vault.proof.SnapshotProver;
import dev.chrysalis.vault.seal.Damage;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Proves the restore points of one datastore, by reading them from the vault, and keeps each proof
/// there, whatever its outcome.
public final class Proving {
  private final Vault vault;
  private final String store;
  private final PostgresInVault wal;
  private final Proofs proofs;
  private final Clock clock;

  public Proving(Vault vault, String store, Clock clock, RandomGenerator random) {
    this.vault = vault;
    this.store = store;
    this.wal = new PostgresInVault(vault, store, clock);
    this.proofs = new Proofs(vault.records(), random);
    this.clock = clock;
  }

  /// The proofs that are kept.
  public Proofs proofs() {
    return proofs;
  }

  /// The newest restore point; where damage hides that, the newest snapshot.
  public SnapshotId newest() {
    Optional<SnapshotId> newest;
    try {
      newest = wal.newest().map(RestorePoint::snapshot).map(SnapshotId::new);
    } catch (ChrysalisException e) {
      newest = ifDamage(e, vault.snapshotIds(store).reversed().stream().findFirst());
    }
    return newest.orElseThrow(() ->
        new ChrysalisException(
            VaultErrors.NO_SUCH_SNAPSHOT,
            "the vault holds no restore point of " + store,
            "take a first backup: chrysalis backup"));
  }

  /// Proves a snapshot and the WAL behind it, and keeps the proof.
  ///
  /// @param by who proves it
  public Proof prove(
      SnapshotId snapshot,
      Sample sample,
      int threads,
      String by,
      SnapshotProver.Progress progress) {
    List<DamagedObject> around = new ArrayList<>();
    List<LogRange> logs = logs(snapshot, around);
    ProofRequest request = new ProofRequest(store, snapshot, logs, sample, threads);
    Inspection inspection = with(around, vault.prover().prove(request, progress));
    Proof proof = Proof.of(request, inspection, clock.instant(), by);
    proofs.keep(proof);
    return proof;
  }

  private List<LogRange> logs(SnapshotId snapshot, List<DamagedObject> damaged) {
    try {
      List<LogRange> logs =
          vault.snapshots(store).stream()
              .filter(s -> s.id().equals(snapshot))
              .findFirst()
              .map(wal::logsOf)
              .orElse(List.of());
      if (logs.isEmpty()) {
        damaged.add(
            new DamagedObject(
                "log/" + store + "/", "no unbroken WAL leads over the end of the snapshot"));
      }
      return logs;
    } catch (ChrysalisException e) {
      String key = Damage.objectOf(e).orElse("log/" + store + "/");
      return ifDamage(e, with(damaged, new DamagedObject(key, String.valueOf(e.getMessage()))));
    }
  }

  private static List<LogRange> with(List<DamagedObject> damaged, DamagedObject found) {
    damaged.add(found);
    return List.of();
  }

  private static Inspection with(List<DamagedObject> around, Inspection found) {
    List<DamagedObject> all = new ArrayList<>(around);
    found.damaged().stream()
        .filter(d -> around.stream().noneMatch(a -> a.key().equals(d.key())))
        .forEach(all::add);
    long more = (long) all.size() - found.damaged().size();
    return new Inspection(
        found.bytes(),
        found.chunks(),
        found.packs(),
        found.pieces(),
        all,
        found.damagedObjects() + more,
        found.damagedFiles());
  }

  private static <T> T ifDamage(ChrysalisException e, T otherwise) {
    if (e.code().category() != Category.DAMAGED) {
      throw e;
    }
    return otherwise;
  }
}
