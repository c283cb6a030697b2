package dev.chrysalis.agent.postgres;

import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.agent.wal.TimelineHistory;
import dev.chrysalis.postgres.agent.wal.WalArchive;

/// Whether the vault's WAL leads from one position to another, over the timelines between them.
final class WalWay {
  private final WalArchive archive;
  private final long system;

  WalWay(WalArchive archive, long system) {
    this.archive = archive;
    this.system = system;
  }

  /// Whether all WAL from `from` to `to` (excluded) that leads to `to` on the timeline is there.
  /// The segment in which a timeline left its parent is read from the newer one.
  boolean leads(int timeline, Lsn from, Lsn to) {
    TimelineHistory history =
        archive.history(system, timeline).orElseGet(() -> TimelineHistory.first(timeline));
    long segmentBytes = archive.segmentBytes(system);
    Lsn at = from;
    for (int step : history.timelines()) {
      Lsn end = history.endOf(step).map(fork -> fork.segmentStart(segmentBytes)).orElse(to);
      Lsn wanted = end.compareTo(to) < 0 ? end : to;
      if (at.compareTo(wanted) < 0) {
        if (!archive.covers(system, step, at, wanted)) {
          return false;
        }
        at = wanted;
      }
    }
    return at.compareTo(to) >= 0;
  }
}
