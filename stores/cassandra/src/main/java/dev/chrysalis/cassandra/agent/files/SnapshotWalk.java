package dev.chrysalis.cassandra.agent.files;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.volumes.FoundFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Consumer;

/// Finds the files of one of the server's own snapshots, which lie below each table's folder as
/// `snapshots/TAG`. The files of tables are found under their names of `TableFile`; the statements
/// that make a table as `schema/KEYSPACE/TABLE-ID.cql`, for people and for rings of another shape.
/// Links are not followed.
final class SnapshotWalk {
  private static final String SCHEMA = "schema.cql";
  private static final String MANIFEST = "manifest.json";
  private static final int MODE = 0640;

  private final NodeFolders folders;
  private final String tag;

  SnapshotWalk(NodeFolders folders, String tag) {
    this.folders = folders;
    this.tag = tag;
  }

  /// Hands all files out. `VOLUME_FAILED` where a folder cannot be read.
  void run(Consumer<FoundFile> visitor) {
    for (int disk = 0; disk < folders.data().size(); disk++) {
      Path root = folders.data().get(disk);
      try {
        walk(disk, root, visitor);
      } catch (IOException e) {
        throw CassandraErrors.VOLUME.of(
            "cannot read", root, e, "look at the volume and at the agent's rights on it");
      }
    }
  }

  private void walk(int disk, Path root, Consumer<FoundFile> visitor) throws IOException {
    try (DirectoryStream<Path> keyspaces = Files.newDirectoryStream(root, Files::isDirectory)) {
      for (Path keyspace : keyspaces) {
        if (TableFile.isKeyspace(nameOf(keyspace))) {
          keyspace(disk, keyspace, visitor);
        }
      }
    }
  }

  private void keyspace(int disk, Path keyspace, Consumer<FoundFile> visitor) throws IOException {
    try (DirectoryStream<Path> tables = Files.newDirectoryStream(keyspace)) {
      for (Path table : tables) {
        String folder = nameOf(table);
        Path snapshot = table.resolve("snapshots").resolve(tag);
        if (TableFile.isFolder(folder)
            && TableFile.isKept(nameOf(keyspace), folder)
            && Files.isDirectory(snapshot, LinkOption.NOFOLLOW_LINKS)) {
          table(disk, nameOf(keyspace), folder, snapshot, visitor);
        }
      }
    }
  }

  private static void table(
      int disk, String keyspace, String folder, Path snapshot, Consumer<FoundFile> visitor)
      throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(snapshot)) {
      for (Path file : files) {
        String name = nameOf(file);
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
          index(disk, keyspace, folder, file, visitor);
        } else if (name.equals(SCHEMA)) {
          visitor.accept(found("schema/%s/%s.cql".formatted(keyspace, folder), file));
        } else if (!name.equals(MANIFEST)) {
          visitor.accept(found(new TableFile(disk, keyspace, folder, name).path(), file));
        }
      }
    }
  }

  /// A secondary index is a table of its own in a folder below that of the table.
  private static void index(
      int disk, String keyspace, String folder, Path index, Consumer<FoundFile> visitor)
      throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(index)) {
      for (Path file : files) {
        String name = nameOf(index) + "/" + nameOf(file);
        if (!nameOf(file).equals(MANIFEST)) {
          visitor.accept(found(new TableFile(disk, keyspace, folder, name).path(), file));
        }
      }
    }
  }

  private static FoundFile found(String path, Path file) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      throw new IOException(file + " is no regular file");
    }
    return new FoundFile(
        path,
        file,
        FileEntry.Kind.FILE,
        MODE,
        attributes.size(),
        attributes.lastModifiedTime().toInstant(),
        "");
  }

  private static String nameOf(Path path) {
    return String.valueOf(path.getFileName());
  }
}
