package dev.chrysalis.cassandra.agent.files;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;

/// The SSTables whose bytes are not what the server wrote, as a backup finds them. For many
/// threads.
final class DamagedTables {
  private static final int NAMED = 10;
  private static final long SPOTS = 64L << 20;

  private final Set<String> paths = new ConcurrentSkipListSet<>();
  private final AtomicLong unreadable = new AtomicLong();

  void add(String path) {
    paths.add(path);
  }

  /// Also one of which a disk cannot read so many bytes. Returns whether the disk may be believed
  /// to be able to read the rest: it may have only bad spots, or have failed.
  boolean addUnreadable(String path, int bytes) {
    paths.add(path);
    return unreadable.addAndGet(bytes) <= SPOTS;
  }

  int count() {
    return paths.size();
  }

  /// Some of them.
  List<String> names() {
    return paths.stream().limit(NAMED).toList();
  }
}
