package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.postgres.Lsn;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A stretch of one timeline that is to be shipped.
///
/// @param until where the timeline ends; empty while the server still writes it
record Leg(int timeline, Lsn from, Optional<Lsn> until) {

  /// What to ship next.
  ///
  /// 1. The newest timeline of the server's history that the vault holds anything of goes on where
  ///    its coverage ends.
  /// 2. When that timeline is complete, its successor begins, at the start of the segment in which
  ///    it branched off, so that a restore finds whole segments in one log.
  /// 3. When the vault holds nothing of this history, the server's own timeline begins, with the
  ///    segment from which on the slot keeps WAL.
  ///
  /// @param covered up to where the vault holds (or must do without) a timeline
  /// @param kept from where on the server keeps WAL for us
  static Leg next(
      TimelineHistory history,
      Function<Integer, Optional<Lsn>> covered,
      Lsn kept,
      long segmentBytes) {
    List<Integer> chain = history.timelines();
    for (int i = chain.size() - 1; i >= 0; i--) {
      int timeline = chain.get(i);
      Optional<Lsn> end = history.endOf(timeline);
      Optional<Lsn> coverage = covered.apply(timeline);
      if (coverage.isEmpty()) {
        continue;
      }
      if (end.isEmpty() || coverage.get().compareTo(end.get()) < 0) {
        return new Leg(timeline, coverage.get(), end);
      }
      int successor = chain.get(i + 1);
      Lsn start = end.get().segmentStart(segmentBytes);
      return new Leg(successor, start, history.endOf(successor));
    }
    Lsn start = kept.segmentStart(segmentBytes);
    Lsn begin =
        history.beginOf(history.timeline()).map(b -> b.segmentStart(segmentBytes)).orElse(start);
    return new Leg(
        history.timeline(), begin.compareTo(start) > 0 ? begin : start, Optional.empty());
  }
}
