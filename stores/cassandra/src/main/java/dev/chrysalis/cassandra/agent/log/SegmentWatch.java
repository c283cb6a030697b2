package dev.chrysalis.cassandra.agent.log;

import dev.chrysalis.cassandra.archive.SegmentName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Sees each segment of a commit log while it is there, and keeps it until it is shipped.
///
/// 1. At each look every new segment gets a second name and is opened.
/// 2. One that does not follow the newest one that was seen (their ids count up) is the first of a
///    new process, where its id is far from that: a process counts from its start in milliseconds
///    on, and makes no segment in one. Else segments came and went unseen, and the log is broken;
///    so it is where too long went by between two looks.
/// 3. It is broken, too, when what only second names keep takes more room than it may, or the disk
///    has little left. A broken one keeps nothing more, and one that was too large removes what it
///    kept when it is closed.
///
/// Safe for many threads: one looks all the time, also while another waits for the vault.
final class SegmentWatch implements AutoCloseable {
  /// More than come and go between two looks, less than a process lives for.
  private static final long FAR = 1000;

  private static final Duration UNSEEN = Duration.ofSeconds(10);

  /// The server's own log comes first on its disk.
  private static final long LEAST_FREE = 256L << 20;

  private final SegmentSpool spool;
  private final Clock clock;
  private final long mostBytes;
  private final NavigableMap<SegmentName, Segment> open = new TreeMap<>();
  private SegmentName newest;
  private Instant looked;
  private boolean watching;
  private @Nullable String broken;
  private boolean full;

  private SegmentWatch(SegmentSpool spool, Clock clock, long mostBytes, SegmentName first) {
    this.spool = spool;
    this.clock = clock;
    this.mostBytes = mostBytes;
    this.newest = first;
    this.looked = clock.instant();
  }

  /// Watches from the segment on that the server writes now. What came before is in its tables as
  /// soon as a base is taken. Empty where there is no segment yet.
  static Optional<SegmentWatch> fresh(SegmentSpool spool, Clock clock, long mostBytes) {
    NavigableSet<SegmentName> there = spool.servers();
    spool.kept().forEach(spool::drop);
    if (there.isEmpty()) {
      return Optional.empty();
    }
    SegmentWatch watch = new SegmentWatch(spool, clock, mostBytes, there.last());
    return watch.orClosed(() -> {
      there.forEach(watch::keep);
      watch.broken = null;
      watch.watching = true;
      watch.releaseBeforeBegun();
      return !watch.open.isEmpty();
    });
  }

  private void releaseBeforeBegun() {
    open.entrySet().stream()
        .filter(entry -> entry.getValue().isBegun())
        .map(Map.Entry::getKey)
        .max(SegmentName::compareTo)
        .ifPresent(this::releaseBefore);
  }

  /// Watches from that segment on, or, where that is gone, from the one behind it. Empty where
  /// neither is there, or one behind them is missing.
  static Optional<SegmentWatch> resumed(
      SegmentSpool spool, Clock clock, long mostBytes, SegmentName last) {
    NavigableSet<SegmentName> there = spool.kept();
    there.addAll(spool.servers());
    spool.kept().headSet(last, false).forEach(spool::drop);
    NavigableSet<SegmentName> wanted = there.tailSet(last, true);
    if (wanted.isEmpty() || wanted.first().id() > last.id() + 1) {
      return Optional.empty();
    }
    SegmentWatch watch = new SegmentWatch(spool, clock, mostBytes, wanted.first());
    return watch.orClosed(() -> {
      wanted.forEach(watch::take);
      watch.watching = true;
      return watch.broken == null;
    });
  }

  private Optional<SegmentWatch> orClosed(BooleanSupplier opened) {
    boolean use = false;
    try {
      use = opened.getAsBoolean();
      return use ? Optional.of(this) : Optional.empty();
    } finally {
      if (!use) {
        close();
      }
    }
  }

  /// How far a segment reaches.
  ///
  /// @param at a moment by which all that the server had synced was seen
  /// @param synced up to where its file holds synced content
  /// @param next the segment behind it, where that was begun: then nothing more comes here
  record Reach(Instant at, long synced, Optional<SegmentName> next) {}

  synchronized SegmentName oldest() {
    return open.firstKey();
  }

  /// Looks, and says how far that segment reaches.
  synchronized Reach reach(SegmentName name) {
    look();
    Optional<SegmentName> next = Optional.empty();
    // The server syncs its segments in their order: what stands behind is looked at first.
    for (Map.Entry<SegmentName, Segment> later : open.tailMap(name, false).entrySet()) {
      if (later.getValue().isBegun()) {
        next = Optional.of(later.getKey());
        break;
      }
    }
    return new Reach(looked, segment(name).synced(), next);
  }

  synchronized Segment segment(SegmentName name) {
    Segment segment = open.get(name);
    if (segment == null) {
      throw new IllegalArgumentException("not watched: " + name);
    }
    return segment;
  }

  /// All before that one is shipped, or was never written to.
  synchronized void releaseBefore(SegmentName next) {
    List.copyOf(open.headMap(next).keySet()).forEach(this::release);
  }

  private void release(SegmentName name) {
    Segment segment = open.remove(name);
    if (segment != null) {
      segment.close();
    }
    spool.drop(name);
  }

  /// Why the log cannot go on; empty while it can.
  synchronized Optional<String> broken() {
    return Optional.ofNullable(broken);
  }

  synchronized void look() {
    Instant now = clock.instant();
    if (broken != null) {
      return;
    }
    if (looked.plus(UNSEEN).isBefore(now)) {
      broken = "nobody looked for new segments from %s to %s".formatted(looked, now);
    }
    for (SegmentName name : spool.servers().tailSet(newest, false)) {
      take(name);
    }
    long kept = spool.bytes();
    if (kept > mostBytes || (kept > 0 && spool.free() < LEAST_FREE)) {
      broken = "segments that the vault has not taken fill the spool";
      full = true;
    }
    looked = now;
  }

  private void take(SegmentName name) {
    if (broken != null) {
      return;
    }
    boolean follows = name.id() <= newest.id() + 1 || isFirstOfANewProcess(name);
    if (!follows) {
      broken = "segments between %s and %s came and went unseen".formatted(newest, name);
      return;
    }
    keep(name);
    newest = name;
  }

  /// Nobody saw what an earlier process did before this watch began.
  private boolean isFirstOfANewProcess(SegmentName name) {
    return watching && name.id() > newest.id() + FAR;
  }

  private void keep(SegmentName name) {
    spool
        .keep(name)
        .ifPresentOrElse(
            segment -> open.put(name, segment),
            () -> broken = name + " was removed before it could be kept");
  }

  /// What fills the disk is given up, also what the server has still: it would take room when the
  /// server has removed it.
  @Override
  public synchronized void close() {
    open.values().forEach(Segment::close);
    open.clear();
    if (full) {
      spool.kept().forEach(spool::drop);
    }
  }
}
