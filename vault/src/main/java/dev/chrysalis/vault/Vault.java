package dev.chrysalis.vault;

import dev.chrysalis.model.RecordStore;
import dev.chrysalis.vault.proof.SnapshotProver;
import java.util.List;

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
