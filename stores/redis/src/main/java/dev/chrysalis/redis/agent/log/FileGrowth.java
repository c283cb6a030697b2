package dev.chrysalis.redis.agent.log;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// When a file was how long: the index of time to offset. Old moments are thinned out, so that it
/// stays small however long the vault is away. For one thread.
final class FileGrowth {
  private static final int MOST = 4096;

  private final List<Seen> seen = new ArrayList<>();
  private Instant asOf;
  private Instant looked;

  /// @param before a moment before the size was looked at: nothing more was there then
  /// @param after and after
  private record Seen(long size, Instant before, Instant after) {}

  FileGrowth(long size, Instant before, Instant after) {
    seen.add(new Seen(size, before, after));
    asOf = before;
    looked = after;
  }

  /// The file had that size between the two moments.
  void saw(long size, Instant before, Instant after) {
    Seen last = seen.getLast();
    asOf = before;
    looked = after;
    if (size == last.size()) {
      // The first sight of a size says when all of it was there, the last one when nothing more
      // was.
      seen.set(seen.size() - 1, new Seen(size, before, last.after()));
    } else {
      seen.add(new Seen(size, before, after));
      if (seen.size() > MOST) {
        thin();
      }
    }
  }

  private void thin() {
    for (int i = seen.size() - 2; i > 0; i -= 2) {
      seen.remove(i);
    }
  }

  long size() {
    return seen.getLast().size();
  }

  /// The newest moment at which the file was not longer than its size now.
  Instant asOf() {
    return asOf;
  }

  /// When it was looked at last.
  Instant looked() {
    return looked;
  }

  /// A moment by which all bytes up to the offset were there.
  Instant thereBy(long offset) {
    return seen.stream()
        .filter(s -> s.size() >= offset)
        .findFirst()
        .map(Seen::after)
        .orElseGet(() -> seen.getLast().after());
  }

  /// The last moment at which nothing behind the offset was there.
  Optional<Instant> nothingBehind(long offset) {
    return seen.reversed().stream().filter(s -> s.size() <= offset).findFirst().map(Seen::before);
  }

  /// Forgets what only concerns bytes before an offset.
  void forgetBefore(long offset) {
    while (seen.size() > 1 && seen.get(1).size() <= offset) {
      seen.removeFirst();
    }
  }
}
