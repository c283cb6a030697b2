package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.vault.LogExtent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Decides what a recovering server gets when it asks for a file of the log.
///
/// 1. A timeline that is not on the way to the target has nothing for it.
/// 2. Of a former timeline everything up to its end must be there, and nothing after it is handed
///    out, whatever the vault holds.
/// 3. Of the target timeline everything from its begin to the end of the vault's coverage must be
///    there; past that is nothing.
///
/// Properties: `Absent` is answered only where the catalog proves it; what cannot be explained is
/// `Lost`, which must stop the server. Safe for threads.
final class RecoveryRoute {
  private final WalArchive archive;
  private final long system;
  private final long segmentBytes;
  private final TimelineHistory target;
  private final Map<Integer, List<LogExtent>> seen = new ConcurrentHashMap<>();

  RecoveryRoute(WalArchive archive, long system, int targetTimeline) {
    this.archive = archive;
    this.system = system;
    this.segmentBytes = archive.segmentBytes(system);
    this.target =
        archive
            .history(system, targetTimeline)
            .orElseGet(() -> TimelineHistory.first(targetTimeline));
  }

  sealed interface Answer {
    /// @param end where the content ends, zeros follow; the segment's own end where it is whole
    record Serve(Lsn end) implements Answer {}

    record Absent() implements Answer {}

    record Lost(String why) implements Answer {}
  }

  long segmentBytes() {
    return segmentBytes;
  }

  Answer answer(WalSegment segment) {
    int timeline = segment.timeline();
    if (!target.includes(timeline)) {
      return new Answer.Absent();
    }
    Optional<Lsn> end = target.endOf(timeline);
    if (end.filter(e -> e.compareTo(segment.start(segmentBytes)) <= 0).isPresent()) {
      return new Answer.Absent();
    }
    Lsn wholeEnd = segment.end(segmentBytes);
    Lsn needed = end.filter(e -> e.compareTo(wholeEnd) < 0).orElse(wholeEnd);
    return switch (find(segment)) {
      case SegmentAnswer.Whole() -> new Answer.Serve(needed);
      case SegmentAnswer.Begun(Lsn covered) when end.isEmpty() -> new Answer.Serve(covered);
      case SegmentAnswer.Begun(Lsn covered) when covered.compareTo(needed) >= 0 ->
          new Answer.Serve(needed);
      case SegmentAnswer.Begun(Lsn covered) -> new Answer.Lost(shortOf(segment, covered));
      case SegmentAnswer.Beyond(Lsn covered) when end.isPresent() ->
          new Answer.Lost(shortOf(segment, covered));
      case SegmentAnswer.Beyond beyond -> new Answer.Absent();
      case SegmentAnswer.Never never -> new Answer.Absent();
      case SegmentAnswer.Lost lost -> new Answer.Lost(lost.why());
    };
  }

  /// The segment that the server will want after this one.
  WalSegment after(WalSegment segment) {
    Lsn next = segment.end(segmentBytes);
    int timeline =
        target.timelines().stream()
            .filter(t -> begins(t, next))
            .reduce((a, b) -> b)
            .orElse(segment.timeline());
    return new WalSegment(timeline, segment.number() + 1);
  }

  private boolean begins(int timeline, Lsn segmentStart) {
    return target
        .beginOf(timeline)
        .map(b -> b.segmentStart(segmentBytes).compareTo(segmentStart) <= 0)
        .orElse(true);
  }

  private SegmentAnswer find(WalSegment segment) {
    int timeline = segment.timeline();
    Optional<TimelineHistory> history =
        timeline == target.timeline() && !target.text().isEmpty()
            ? Optional.of(target)
            : Optional.empty();
    List<LogExtent> known = seen.getOrDefault(timeline, List.of());
    // What is there stays there; all else must be looked up again.
    if (SegmentAnswer.of(segment, segmentBytes, known, history) instanceof SegmentAnswer.Whole w) {
      return w;
    }
    List<LogExtent> extents = archive.extents(system, timeline);
    seen.put(timeline, extents);
    Optional<TimelineHistory> stored =
        history.isPresent() ? history : archive.history(system, timeline);
    return SegmentAnswer.of(segment, segmentBytes, extents, stored);
  }

  private String shortOf(WalSegment segment, Lsn covered) {
    return "timeline %d ends at %s and the vault covers it only up to %s"
        .formatted(
            segment.timeline(),
            target.endOf(segment.timeline()).map(Lsn::toString).orElse("?"),
            covered);
  }
}
