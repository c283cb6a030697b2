package dev.chrysalis.recovery;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.recovery.store.StoreLogs;
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
  private final StoreLogs logs;
  private final Proofs proofs;
  private final Clock clock;

  public Proving(Vault vault, Datastore store, Clock clock, RandomGenerator random) {
    this.vault = vault;
    this.store = store.name();
    this.logs = new LogsInVault(vault, clock).of(store);
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
      newest = logs.newest();
    } catch (ChrysalisException e) {
      newest = ifDamage(e, vault.snapshotIds(store).reversed().stream().findFirst());
    }
    return newest.orElseThrow(() ->
        new ChrysalisException(
            VaultErrors.NO_SUCH_SNAPSHOT,
            "the vault holds no restore point of " + store,
            "take a first backup: chrysalis backup"));
  }

  /// Proves the newest restore point: all snapshots that it is made of, each with a proof of its
  /// own, up to the first that is damaged.
  public List<Proof> proveNewest(
      Sample sample, int threads, String by, SnapshotProver.Progress progress) {
    return proveAll(newestParts(), sample, threads, by, progress);
  }

  /// The same of snapshots that make one restore point.
  public List<Proof> proveAll(
      List<SnapshotId> parts,
      Sample sample,
      int threads,
      String by,
      SnapshotProver.Progress progress) {
    List<Proof> all = new ArrayList<>();
    for (SnapshotId part : parts) {
      Proof proof = prove(part, sample, threads, by, progress);
      all.add(proof);
      if (!proof.intact()) {
        break;
      }
    }
    return all;
  }

  private List<SnapshotId> newestParts() {
    List<SnapshotId> parts;
    try {
      parts = logs.newestParts();
    } catch (ChrysalisException e) {
      parts = ifDamage(e, List.of());
    }
    return parts.isEmpty() ? List.of(newest()) : parts;
  }

  /// Proves a snapshot and the log behind it, and keeps the proof.
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
      Optional<List<LogRange>> needed =
          vault.snapshots(store).stream()
              .filter(s -> s.id().equals(snapshot))
              .findFirst()
              .flatMap(logs::logsOf);
      if (needed.isEmpty()) {
        damaged.add(
            new DamagedObject(
                "log/" + store + "/", "no unbroken log leads over the end of the snapshot"));
      }
      return needed.orElse(List.of());
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
