package dev.chrysalis.cassandra.agent.files;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.CassandraNode;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/// Takes SSTables out of a stopped node that are not what the server wrote: all of them is read,
/// and the data compared with its digest; what differs, or cannot be read, is moved, with its other
/// components, to `snapshots/damaged-TIME` of its table, where `nodetool` lists and clears it. The
/// rows come back from the other replicas with a repair, what was in an index with `IndexRebuild`.
///
/// Tables that a node has for itself (`system`, `system_schema`) come back from nobody: where one
/// of them is damaged nothing is moved. May be repeated; a crash leaves a table without components
/// that are aside already, and the next run moves the rest.
///
/// Errors: `NODE_RUNNING`, `OWN_TABLES_DAMAGED`, `VOLUME_FAILED`.
public final class DamagedAside {
  private static final String DATA = "-Data.db";
  private static final String DIGEST = "-Digest.crc32";
  private static final int BUFFER = 256 * 1024;
  private static final int FOLDER_MODE = 0755;

  private final CassandraNode node;
  private final NodeFolders folders;
  private final CopyProgress progress;
  private final InstantSource clock;

  public DamagedAside(
      CassandraNode node, NodeFolders folders, CopyProgress progress, InstantSource clock) {
    this.node = node;
    this.folders = folders;
    this.progress = progress;
    this.clock = clock;
  }

  /// What was moved.
  ///
  /// @param tables the data files, as they lay below the node's folders
  public record Moved(long checked, List<String> tables) {}

  /// Runs it to its end.
  public Moved run() {
    StoppedNode.require(node);
    Path first = folders.data().getFirst();
    try {
      List<Path> all = dataFiles();
      List<Path> damaged = damaged(all);
      requireOfOthers(damaged);
      for (Path data : damaged) {
        move(data);
        progress.note(data + " is not what the server wrote: set aside");
      }
      return new Moved(all.size(), damaged.stream().map(Path::toString).toList());
    } catch (IOException e) {
      throw CassandraErrors.VOLUME.of(
          "cannot read", first, e, "look at the volume and at the agent's rights on it");
    }
  }

  /// The data of all tables and indexes, not what lies in the server's snapshots and backups.
  private List<Path> dataFiles() throws IOException {
    List<Path> all = new ArrayList<>();
    for (Path root : folders.data()) {
      try (Stream<Path> found = Files.walk(root)) {
        found
            .filter(file -> file.toString().endsWith(DATA))
            .filter(file -> isLiving(root.relativize(file)))
            .forEach(all::add);
      }
    }
    return all;
  }

  /// `KEYSPACE/TABLE/FILE`, or one folder deeper for an index, whose name begins with a dot.
  private static boolean isLiving(Path file) {
    int depth = file.getNameCount();
    return depth == 3 || (depth == 4 && file.getName(2).toString().startsWith("."));
  }

  private List<Path> damaged(List<Path> all) throws IOException {
    List<Path> damaged = new ArrayList<>();
    byte[] buffer = new byte[BUFFER];
    long done = 0;
    for (Path data : all) {
      if (!isAsWritten(data, buffer)) {
        damaged.add(data);
      }
      progress.progress("checking tables", ++done, all.size());
    }
    return damaged;
  }

  /// Of components but the data there is no digest: they are read to their end only.
  private static boolean isAsWritten(Path data, byte[] buffer) throws IOException {
    for (Path component : components(data)) {
      if (!component.equals(data) && checksum(component, buffer).isEmpty()) {
        return false;
      }
    }
    Optional<String> read = checksum(data, buffer);
    return read.isPresent() && digest(data).filter(d -> !d.equals(read.get())).isEmpty();
  }

  private static List<Path> components(Path data) throws IOException {
    List<Path> components = new ArrayList<>();
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(PrivateFiles.parent(data), stem(data) + "-*")) {
      found.forEach(components::add);
    }
    return components;
  }

  private static Optional<String> digest(Path data) throws IOException {
    Path file = data.resolveSibling(stem(data) + DIGEST);
    return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
  }

  /// Empty where the disk cannot read it: it is as good as damaged.
  private static Optional<String> checksum(Path file, byte[] buffer) {
    CRC32 crc = new CRC32();
    try (InputStream in = Files.newInputStream(file)) {
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        crc.update(buffer, 0, got);
      }
      return Optional.of(Long.toString(crc.getValue()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String stem(Path data) {
    String name = String.valueOf(data.getFileName());
    return name.substring(0, name.length() - DATA.length());
  }

  private void requireOfOthers(List<Path> damaged) {
    List<Path> own = damaged.stream().filter(this::isOwn).toList();
    if (!own.isEmpty()) {
      throw new ChrysalisException(
          CassandraErrors.OWN_TABLES_DAMAGED,
          "tables are damaged that only this node has: " + own,
          "nothing was touched; with the server stopped, move what is in the node's data folders away:"
              + " it is found as node-lost then (chrysalis assess), and replaced (chrysalis recover)");
    }
  }

  private boolean isOwn(Path data) {
    return folders.data().stream()
        .filter(data::startsWith)
        .map(root -> root.relativize(data).getName(0).toString())
        .anyMatch(keyspace -> keyspace.equals("system") || keyspace.equals("system_schema"));
  }

  /// The digest goes last, the data before it: as long as both are there the next run finds the
  /// rest. A digest alone is removed by the server when it starts.
  private void move(Path data) throws IOException {
    Path folder = PrivateFiles.parent(data);
    Path aside = asideOf(folder);
    PrivateFiles files = PrivateFiles.like(folder);
    files.directories(aside, FOLDER_MODE);
    Path table = tableOf(folder);
    IndexRebuild.want(table, table.equals(folder) ? aside : PrivateFiles.parent(aside), files);
    List<Path> components = components(data);
    components.remove(data);
    components.remove(data.resolveSibling(stem(data) + DIGEST));
    components.add(data);
    components.add(data.resolveSibling(stem(data) + DIGEST));
    for (Path file : components) {
      if (Files.exists(file)) {
        Files.move(file, aside.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
      }
    }
    PrivateFiles.sync(aside);
    PrivateFiles.sync(folder);
  }

  /// An index's folder lies in its table's.
  private static Path tableOf(Path folder) throws IOException {
    return String.valueOf(folder.getFileName()).startsWith(".")
        ? PrivateFiles.parent(folder)
        : folder;
  }

  private Path asideOf(Path folder) throws IOException {
    Path table = tableOf(folder);
    Path aside = table.resolve("snapshots").resolve("damaged-" + clock.millis());
    return table.equals(folder) ? aside : aside.resolve(folder.getFileName());
  }
}
