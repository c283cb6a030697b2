package dev.chrysalis.cassandra.agent.files;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.agent.server.NodeConnection;
import dev.chrysalis.cassandra.agent.server.NodeSession;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.PrivateFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Builds the indexes of tables anew from which SSTables were taken (`DamagedAside`), once a repair
/// has filled the gap: an index is a table that each node has for itself, so that no repair brings
/// back what was in a damaged part of it. Indexes that lie beside their SSTables (SAI) are built
/// with these, and need none of it. May be repeated: a mark stays until the server has done it.
///
/// Errors: `VOLUME_FAILED`, and those of `NodeSession`.
public final class IndexRebuild {
  private static final String MARK = "chrysalis-rebuild-indexes";

  /// The server answers when it is done.
  private static final Duration PATIENCE = Duration.ofHours(12);

  private final NodeConnection node;
  private final NodeFolders folders;
  private final CopyProgress progress;

  public IndexRebuild(NodeConnection node, NodeFolders folders, CopyProgress progress) {
    this.node = node;
    this.folders = folders;
    this.progress = progress;
  }

  /// Has them built once the SSTables that go to that folder are there: laid before these are
  /// moved, so that no crash forgets it.
  static void want(Path table, Path aside, PrivateFiles files) throws IOException {
    if (!indexes(table).isEmpty()) {
      files.replace(aside.resolve(MARK), new byte[0]);
    }
  }

  /// Runs it to its end.
  ///
  /// @return the tables, as `keyspace.table`
  public List<String> run() {
    Path first = folders.data().getFirst();
    try {
      List<String> done = new ArrayList<>();
      for (Path table : tables()) {
        List<Path> marks = marks(table);
        if (!marks.isEmpty()) {
          rebuild(table).ifPresent(done::add);
          for (Path mark : marks) {
            Files.delete(mark);
            PrivateFiles.sync(PrivateFiles.parent(mark));
          }
        }
      }
      return done;
    } catch (IOException e) {
      throw CassandraErrors.VOLUME.of(
          "cannot read", first, e, "look at the volume and at the agent's rights on it");
    }
  }

  /// Empty where there is nothing to build any more: the table or its indexes were dropped.
  private Optional<String> rebuild(Path table) throws IOException {
    String keyspace = String.valueOf(PrivateFiles.parent(table).getFileName());
    String name = String.valueOf(table.getFileName()).replaceFirst("-[0-9a-f]{32}$", "");
    try (NodeSession session = node.open()) {
      List<String> there =
          indexes(table).stream().filter(index -> session.hasIndex(keyspace, name, index)).toList();
      if (there.isEmpty()) {
        return Optional.empty();
      }
      progress.note("building %s of %s.%s anew".formatted(there, keyspace, name));
      session.rebuildIndexes(keyspace, name, there, PATIENCE);
    }
    return Optional.of(keyspace + "." + name);
  }

  private List<Path> tables() throws IOException {
    List<Path> tables = new ArrayList<>();
    for (Path root : folders.data()) {
      for (Path keyspace : below(root, "*")) {
        tables.addAll(below(keyspace, "*-*"));
      }
    }
    return tables;
  }

  private static List<Path> marks(Path table) throws IOException {
    return below(table.resolve("snapshots"), "damaged-*").stream()
        .map(aside -> aside.resolve(MARK))
        .filter(Files::exists)
        .toList();
  }

  /// An index's folder has its name behind a dot.
  private static List<String> indexes(Path table) throws IOException {
    return below(table, ".?*").stream()
        .map(folder -> String.valueOf(folder.getFileName()).substring(1))
        .toList();
  }

  private static List<Path> below(Path folder, String glob) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, glob)) {
      for (Path path : found) {
        if (Files.isDirectory(path)) {
          folders.add(path);
        }
      }
    }
    folders.sort(null);
    return folders;
  }
}
