package dev.chrysalis.vault;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.vault.proof.SnapshotProver;
import java.util.List;
import java.util.Optional;

/// The backup repository: snapshots of stores, their continuous logs, and small records. All
/// content is compressed, encrypted and authenticated on this side. Safe for many threads; many
/// processes may use one vault at once without knowing of each other. The layout is
/// `docs/format.md`.
public interface Vault extends AutoCloseable {
  /// Begins a snapshot of a store (`postgres`). Nothing of it is visible until `commit`.
  SnapshotWriter beginSnapshot(String store);

  /// The complete snapshots of a store, oldest first.
  List<Snapshot> snapshots(String store);

  /// The names of the snapshots of a store, oldest first, without reading what the catalog says of
  /// them: the way to the others when one record is damaged and `snapshots` says so.
  List<SnapshotId> snapshotIds(String store);

  /// The name of the newest snapshot of a store; where a damaged record of the catalog hides which
  /// are complete, of the newest that is recorded.
  default Optional<SnapshotId> newestSnapshot(String store) {
    List<SnapshotId> all;
    try {
      all = snapshots(store).stream().map(Snapshot::id).toList();
    } catch (ChrysalisException e) {
      if (e.code().category() != Category.DAMAGED) {
        throw e;
      }
      all = snapshotIds(store);
    }
    return all.reversed().stream().findFirst();
  }

  /// Opens a complete snapshot; `VaultErrors.NO_SUCH_SNAPSHOT` where there is none.
  SnapshotReader openSnapshot(String store, SnapshotId id);

  /// Proves that a snapshot and the logs behind it are whole.
  SnapshotProver prover();

  /// The log of that name, which need not exist yet.
  LogStream log(LogName name);

  /// The logs of a store that hold at least one piece, in ascending order of stream.
  List<LogName> logs(String store);

  /// Small records, for journals, leases, reports and the like.
  RecordStore records();

  /// Closes the vault and the backend below it.
  @Override
  void close();
}
