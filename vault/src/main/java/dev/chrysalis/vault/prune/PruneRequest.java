package dev.chrysalis.vault.prune;

import dev.chrysalis.vault.SnapshotId;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// What a prune of a store is to do.
///
/// @param drop the snapshots that policy does not keep
/// @param logs the logs that may be shortened; others are left alone
/// @param deadBefore sessions that began before then and did not end are dead
public record PruneRequest(
    String store, Set<SnapshotId> drop, List<LogKeep> logs, Instant deadBefore) {
  public PruneRequest {
    drop = Set.copyOf(drop);
    logs = List.copyOf(logs);
  }
}
