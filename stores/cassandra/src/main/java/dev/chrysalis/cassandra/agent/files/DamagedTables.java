package dev.chrysalis.cassandra.agent.files;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/// The SSTables whose bytes are not what the server wrote, as a backup finds them. For many
/// threads.
final class DamagedTables {
  private static final int NAMED = 10;

  private final Set<String> paths = new ConcurrentSkipListSet<>();

  void add(String path) {
    paths.add(path);
  }

  int count() {
    return paths.size();
  }

  /// Some of them.
  List<String> names() {
    return paths.stream().limit(NAMED).toList();
  }
}
