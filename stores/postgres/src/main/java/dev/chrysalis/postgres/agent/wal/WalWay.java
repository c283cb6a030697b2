package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.postgres.Lsn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The way that recovery takes through the vault's WAL, over the timelines between two positions.
public final class WalWay {
  private final WalArchive archive;
  private final long system;

  public WalWay(WalArchive archive, long system) {
    this.archive = archive;
    this.system = system;
  }

  /// A part of the way that is read from one timeline, `to` excluded.
  public record Stretch(int timeline, Lsn from, Lsn to) {}

  /// Whether all WAL from `from` to `to` (excluded) that leads to `to` on the timeline is there.
  public boolean leads(int timeline, Lsn from, Lsn to) {
    return stretches(timeline, from, to).stream()
        .allMatch(s -> archive.covers(system, s.timeline(), s.from(), s.to()));
  }

  /// The parts of the way from `from` to `to` on the timeline, in order. The segment in which a
  /// timeline left its parent is read from the newer one, which has it from its start.
  public List<Stretch> stretches(int timeline, Lsn from, Lsn to) {
    TimelineHistory history = history(timeline);
    long segmentBytes = archive.segmentBytes(system);
    List<Stretch> all = new ArrayList<>();
    Lsn at = from;
    for (int step : history.timelines()) {
      Lsn end = history.endOf(step).map(fork -> fork.segmentStart(segmentBytes)).orElse(to);
      Lsn wanted = end.compareTo(to) < 0 ? end : to;
      if (at.compareTo(wanted) < 0) {
        all.add(new Stretch(step, at, wanted));
        at = wanted;
      }
    }
    return all;
  }

  /// Where the way to a position on one timeline leaves the way of another one for good.
  public Lsn parting(int timeline, Lsn position, int other) {
    TimelineHistory one = history(timeline);
    TimelineHistory two = history(other);
    int common =
        one.timelines().stream().filter(two::includes).max(Integer::compare).orElse(timeline);
    return Stream.of(one.endOf(common), two.endOf(common), Optional.of(position))
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder())
        .orElse(position);
  }

  private TimelineHistory history(int timeline) {
    return archive.history(system, timeline).orElseGet(() -> TimelineHistory.first(timeline));
  }
}
