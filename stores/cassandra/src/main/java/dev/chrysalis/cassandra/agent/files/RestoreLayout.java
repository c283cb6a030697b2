package dev.chrysalis.cassandra.agent.files;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.SnapshotReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Where the files of a node's snapshot go. A snapshot of a node with more folders of tables than
/// there are now is spread over those that there are: the server finds its files in any of them.
///
/// @param files how many files of tables there are
/// @param bytes their size, by the number of the folder that they go to
record RestoreLayout(NodeFolders folders, long files, Map<Integer, Long> bytes) {
  private static final String SCHEMA = "schema/";

  /// Reads all paths of a snapshot. `STRANGE_PATH` where one is not what a backup writes.
  static RestoreLayout of(SnapshotReader reader, NodeFolders folders) {
    Map<Integer, Long> bytes = new HashMap<>();
    long files = 0;
    try (Stream<FileEntry> entries = reader.entries()) {
      for (FileEntry entry : (Iterable<FileEntry>) entries::iterator) {
        Optional<TableFile> file = tableFile(entry);
        if (file.isPresent()) {
          files++;
          bytes.merge(file.get().disk() % folders.data().size(), entry.size(), Long::sum);
        }
      }
    }
    return new RestoreLayout(folders, files, bytes);
  }

  /// Where an entry goes; empty for what is not a table's.
  Optional<Path> pathOf(FileEntry entry) {
    return tableFile(entry)
        .map(file ->
            folders
                .data()
                .get(file.disk() % folders.data().size())
                .resolve(file.keyspace())
                .resolve(file.folder())
                .resolve(file.file()));
  }

  long totalBytes() {
    return bytes.values().stream().mapToLong(Long::longValue).sum();
  }

  private static Optional<TableFile> tableFile(FileEntry entry) {
    if (entry.path().startsWith(SCHEMA)) {
      return Optional.empty();
    }
    Optional<TableFile> file = TableFile.parse(entry.path());
    if (file.isEmpty() || entry.kind() != FileEntry.Kind.FILE) {
      throw new ChrysalisException(
          CassandraErrors.STRANGE_PATH,
          "the snapshot holds " + entry.path() + ", which is no file of a table",
          "nothing was touched; choose another snapshot");
    }
    return file;
  }
}
