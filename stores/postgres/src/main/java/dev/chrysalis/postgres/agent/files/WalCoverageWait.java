package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.postgres.Lsn;

/// Waits until the vault's log holds the WAL that a base backup needs, without which the backup is
/// worth nothing.
@FunctionalInterface
public interface WalCoverageWait {
  /// Returns once the vault holds all WAL from `from` to `to` (`to` excluded) that leads to `to` on
  /// the timeline; on parent timelines for what lies before the timeline began. Throws
  /// `NOT_COVERED` where that has not happened within the implementation's deadline, or can no
  /// longer happen.
  void awaitCovered(int timeline, Lsn from, Lsn to);
}
