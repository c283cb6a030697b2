package dev.chrysalis.postgres.archive;

import dev.chrysalis.postgres.agent.files.BackupFacts;
import dev.chrysalis.postgres.agent.wal.RestoreTarget;
import dev.chrysalis.postgres.agent.wal.Timeline;
import dev.chrysalis.postgres.agent.wal.WalArchive;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Finds the snapshots from which the first moments of a restore window are restored: each branch
/// has its own.
///
/// 1. A branch is a timeline of a cluster, with the way to it over those that it came from. A
///    snapshot that was taken behind a fork leads to one side of it only.
/// 2. A branch counts where WAL of it was sealed since the window began: it may have moments in the
///    window. That of the newest moment counts always, and so does its cluster's newest timeline,
///    of which the vault may have no WAL yet.
/// 3. A branch's base is the newest complete snapshot from before the window that leads to it.
///
/// Kept: where a timeline's history is not known, all snapshots that may lead to it are bases.
final class WindowBases {
  private static final Comparator<Snapshot> NEWEST_FIRST =
      Comparator.comparing(Snapshot::completedAt).thenComparing(Snapshot::id).reversed();

  private final WalArchive archive;
  private final RestoreSearch search;

  WindowBases(Vault vault, String store, Clock clock) {
    this.archive = new WalArchive(vault, store);
    this.search = new RestoreSearch(vault, store, clock);
  }

  /// The bases among these snapshots.
  ///
  /// @param complete those that can be restored and lack nothing
  Set<SnapshotId> of(List<Snapshot> complete, Instant windowBegin) {
    Optional<RestoreTarget> newest = search.newestOf(complete).map(RestoreSearch.Reach::newest);
    List<Snapshot> before =
        complete.stream()
            .filter(s -> !s.completedAt().isAfter(windowBegin))
            .sorted(NEWEST_FIRST)
            .toList();
    Set<SnapshotId> bases = new HashSet<>();
    for (long system : archive.systems()) {
      List<Timeline> timelines = archive.timelines(system);
      for (Timeline branch : timelines) {
        boolean isNewest =
            newest
                .filter(n -> n.system() == system)
                .filter(n -> branch.id() == n.timeline() || branch.equals(timelines.getLast()))
                .isPresent();
        if (isNewest || wasSealedSince(windowBegin, system, branch)) {
          basesOf(system, branch, before).map(Snapshot::id).forEach(bases::add);
        }
      }
    }
    return bases;
  }

  private boolean wasSealedSince(Instant moment, long system, Timeline branch) {
    return archive.sealedAt(system, branch.id()).filter(at -> !at.isBefore(moment)).isPresent();
  }

  private static Stream<Snapshot> basesOf(long system, Timeline branch, List<Snapshot> before) {
    Stream<BackupOf> ofCluster =
        before.stream()
            .map(s -> new BackupOf(s, BackupFacts.fromMap(s.facts())))
            .filter(b -> Long.parseUnsignedLong(b.facts().systemIdentifier()) == system);
    // The first timeline has no history file, every other one has.
    boolean known = branch.id() == 1 || !branch.history().text().isEmpty();
    Stream<BackupOf> bases =
        known
            ? ofCluster.filter(b -> RestoreSearch.follows(b.facts(), branch.history())).limit(1)
            : ofCluster.filter(b -> b.facts().timeline() <= branch.id());
    return bases.map(BackupOf::snapshot);
  }

  private record BackupOf(Snapshot snapshot, BackupFacts facts) {}
}
