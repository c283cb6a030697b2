package dev.chrysalis.postgres.archive;

import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.agent.files.BackupFacts;
import dev.chrysalis.postgres.agent.wal.TimelineHistory;
import dev.chrysalis.postgres.agent.wal.WalArchive;
import dev.chrysalis.postgres.agent.wal.WalNames;
import dev.chrysalis.vault.LogExtent;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.prune.LogKeep;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Says which WAL of a datastore a policy keeps.
///
/// 1. Of a snapshot from which moments of the restore window are restored, which is one from the
///    window or a base of a branch (`WindowBases`): all WAL from its beginning on, on its timeline
///    and on all that came from it. Where no snapshot is complete, each counts as one.
/// 2. Of any other snapshot: what makes it consistent, from its beginning to behind its end.
/// 3. Everything that was sealed since the horizon: a backup that still runs needs WAL from its
///    beginning on, and nobody else knows of it yet.
///
/// Kept: where a timeline's history is not known, all that may belong to a snapshot stays.
public final class KeptWal {
  private static final LogExtent ALL = new LogExtent(0, Long.MAX_VALUE);

  private final Vault vault;
  private final String store;
  private final WalArchive archive;
  private final WindowBases bases;

  public KeptWal(Vault vault, String store, Clock clock) {
    this.vault = vault;
    this.store = store;
    this.archive = new WalArchive(vault, store);
    this.bases = new WindowBases(vault, store, clock);
  }

  /// The snapshots from which the first moments of the window are restored: those of each branch.
  ///
  /// @param complete those that can be restored and lack nothing
  public Set<SnapshotId> bases(List<Snapshot> complete, Instant windowBegin) {
    return bases.of(complete, windowBegin);
  }

  /// For each log of the datastore what is kept of it.
  ///
  /// @param kept the snapshots that stay
  /// @param complete those that can be restored and lack nothing
  /// @param windowBegin where the restore window begins
  /// @param horizon everything that was sealed since then stays
  public List<LogKeep> of(
      List<Snapshot> kept, Set<SnapshotId> complete, Instant windowBegin, Instant horizon) {
    Set<SnapshotId> leading = leading(kept, complete, windowBegin);
    List<LogKeep> keeps = new ArrayList<>();
    for (LogName name : vault.logs(store)) {
      Optional<WalNames.Place> place = WalNames.parse(name);
      if (place.isPresent()) {
        List<LogExtent> extents = new ArrayList<>();
        for (Snapshot snapshot : kept) {
          boolean leads = leading.contains(snapshot.id());
          need(BackupFacts.fromMap(snapshot.facts()), place.get(), leads).ifPresent(extents::add);
        }
        keeps.add(new LogKeep(name, extents, horizon));
      }
    }
    return keeps;
  }

  /// The snapshots from which moments of the window are restored.
  private Set<SnapshotId> leading(
      List<Snapshot> kept, Set<SnapshotId> complete, Instant windowBegin) {
    List<Snapshot> whole = kept.stream().filter(s -> complete.contains(s.id())).toList();
    Set<SnapshotId> leading = new HashSet<>(bases.of(whole, windowBegin));
    kept.stream()
        .filter(s -> whole.isEmpty() || s.completedAt().isAfter(windowBegin))
        .map(Snapshot::id)
        .forEach(leading::add);
    return leading;
  }

  /// What a snapshot needs of a timeline.
  ///
  /// @param leads whether moments of the window are restored from it
  private Optional<LogExtent> need(BackupFacts facts, WalNames.Place place, boolean leads) {
    if (Long.parseUnsignedLong(facts.systemIdentifier()) != place.system()) {
      return Optional.empty();
    }
    int timeline = place.timeline();
    long segment = facts.segmentBytes();
    long start = facts.startLsn().segmentStart(segment).value();
    // A whole segment more: what the server reads before it calls itself consistent is in there.
    long stop = facts.stopLsn().segmentStart(segment).plus(2 * segment).value();
    if (timeline < facts.startTimeline()) {
      return Optional.empty();
    }
    if (timeline == facts.startTimeline()) {
      boolean endsHere = !leads && facts.timeline() == timeline;
      return Optional.of(new LogExtent(start, endsHere ? stop : Long.MAX_VALUE));
    }
    if (!leads) {
      return timeline <= facts.timeline() ? Optional.of(new LogExtent(0, stop)) : Optional.empty();
    }
    return cameFrom(place, facts) ? Optional.of(ALL) : Optional.empty();
  }

  private boolean cameFrom(WalNames.Place place, BackupFacts facts) {
    Optional<TimelineHistory> history = archive.history(place.system(), place.timeline());
    return history.isEmpty()
        || (history.get().includes(facts.startTimeline())
            && history
                .get()
                .endOf(facts.startTimeline())
                .filter(end -> isBefore(end, facts.startLsn()))
                .isEmpty());
  }

  private static boolean isBefore(Lsn one, Lsn other) {
    return one.compareTo(other) < 0;
  }
}
