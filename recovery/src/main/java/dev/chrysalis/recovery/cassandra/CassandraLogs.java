package dev.chrysalis.recovery.cassandra;

import dev.chrysalis.cassandra.archive.KeptSegments;
import dev.chrysalis.recovery.store.StoreLogs;
import dev.chrysalis.vault.LogRange;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.prune.LogKeep;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The commit logs behind the snapshots of a ring's nodes.
///
/// @param store its name in the vault
public record CassandraLogs(Vault vault, String store) implements StoreLogs {
  private KeptSegments segments() {
    return new KeptSegments(vault, store);
  }

  @Override
  public Optional<SnapshotId> newest() {
    return segments().newest();
  }

  @Override
  public List<SnapshotId> newestParts() {
    return segments().newestOfEachNode();
  }

  @Override
  public Set<SnapshotId> complete() {
    return segments().complete();
  }

  @Override
  public Optional<List<LogRange>> logsOf(Snapshot snapshot) {
    return Optional.of(segments().logOf(snapshot).stream().toList());
  }

  /// Of each node snapshots are kept: together they are the ring's.
  @Override
  public String series(Snapshot snapshot) {
    return KeptSegments.node(snapshot);
  }

  @Override
  public List<LogKeep> keep(List<Snapshot> kept, Instant windowBegin, Instant horizon) {
    return segments().keep(kept, windowBegin, horizon);
  }

  /// There are none: that nothing was written is a piece of the log.
  @Override
  public List<String> marksBefore(Instant moment) {
    return List.of();
  }
}
