package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.vault.LogExtent;
import java.util.List;
import java.util.Optional;

/// What the vault has of a segment.
public sealed interface SegmentAnswer {
  /// All of it.
  record Whole() implements SegmentAnswer {}

  /// Its beginning; the rest is not covered yet and stands as zeros.
  record Begun(Lsn end) implements SegmentAnswer {}

  /// Nothing, and rightly so: it lies past what the vault covers of the timeline.
  record Beyond(Lsn covered) implements SegmentAnswer {}

  /// Nothing, and rightly so: the timeline began after it.
  record Never(Lsn begin) implements SegmentAnswer {}

  /// It may have been written and the vault does not hold it.
  record Lost(String why) implements SegmentAnswer {}

  /// @param extents of the segment's timeline, oldest first
  /// @param history of the segment's timeline, where the vault has one
  static SegmentAnswer of(
      WalSegment segment,
      long segmentBytes,
      List<LogExtent> extents,
      Optional<TimelineHistory> history) {
    Lsn start = segment.start(segmentBytes);
    Lsn end = segment.end(segmentBytes);
    for (LogExtent extent : extents) {
      boolean newest = extent.equals(extents.getLast());
      if (extent.covers(start.value(), end.value())) {
        return new Whole();
      }
      if (newest && extent.from() <= start.value() && start.value() < extent.to()) {
        return new Begun(new Lsn(extent.to()));
      }
    }
    Optional<Lsn> begin = history.flatMap(TimelineHistory::parent).map(a -> a.end());
    if (begin.filter(b -> end.compareTo(b) <= 0).isPresent()) {
      return new Never(begin.get());
    }
    if (extents.isEmpty()) {
      return history.isPresent()
          ? new Beyond(begin.orElse(start))
          : new Lost("the vault has no WAL of timeline " + segment.timeline());
    }
    if (extents.getLast().to() <= start.value()) {
      return new Beyond(new Lsn(extents.getLast().to()));
    }
    return new Lost(
        "the vault holds later WAL of timeline %d, and not all of %s"
            .formatted(segment.timeline(), segment.fileName(segmentBytes)));
  }
}
