package dev.chrysalis.cassandra.agent.files;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Where a node keeps what is its own.
///
/// @param data the folders of tables (`data_file_directories`), in the server's order
/// @param commitLog `commitlog_directory`
/// @param hints `hints_directory`
/// @param savedCaches `saved_caches_directory`
public record NodeFolders(List<Path> data, Path commitLog, Path hints, Path savedCaches) {
  public NodeFolders {
    data = List.copyOf(data);
    if (data.isEmpty()) {
      throw new IllegalArgumentException("a node has at least one folder of tables");
    }
  }

  /// The folders as they lie where nothing else is configured: `/var/lib/cassandra`.
  public static NodeFolders below(Path storage) {
    return new NodeFolders(
        List.of(storage.resolve("data")),
        storage.resolve("commitlog"),
        storage.resolve("hints"),
        storage.resolve("saved_caches"));
  }

  /// All of them.
  public List<Path> all() {
    return Stream.concat(data.stream(), Stream.of(commitLog, hints, savedCaches)).toList();
  }
}
