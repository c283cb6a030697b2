package dev.chrysalis.recovery.store;

import dev.chrysalis.vault.LogRange;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.prune.LogKeep;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the snapshots of a datastore need of its logs. Every call looks anew; only reads.
public interface StoreLogs {
  /// The restore point that reaches the newest moment; empty where nothing can be restored.
  Optional<SnapshotId> newest();

  /// All snapshots that this restore point is made of: of several members, where each has its own.
  default List<SnapshotId> newestParts() {
    return newest().stream().toList();
  }

  /// The snapshots that can be restored and lack nothing.
  Set<SnapshotId> complete();

  /// The row of snapshots that one is in: a policy keeps so many of each row. One row where each
  /// snapshot is of the whole datastore.
  default String series(Snapshot snapshot) {
    return "";
  }

  /// The stretches that a restore of the snapshot to its newest moment reads, in order. Empty where
  /// it cannot be restored: a snapshot that needs no log needs an empty stretch of none.
  Optional<List<LogRange>> logsOf(Snapshot snapshot);

  /// The snapshots from which the first moments of the restore window are restored, where the log
  /// has branches; empty where that is the newest of each row from before the window.
  ///
  /// @param complete the snapshots that can be restored and lack nothing
  default Optional<Set<SnapshotId>> bases(List<Snapshot> complete, Instant windowBegin) {
    return Optional.empty();
  }

  /// For each log what is kept of it.
  ///
  /// @param kept the snapshots that stay
  /// @param windowBegin where the restore window begins
  /// @param horizon everything that was sealed since then stays
  List<LogKeep> keep(List<Snapshot> kept, Instant windowBegin, Instant horizon);

  /// The keys of small records of shippers from before a moment, which nobody reads any more.
  List<String> marksBefore(Instant moment);
}
