package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.vault.FileEntry;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/// Removes from a cluster that is restored in place what the snapshot does not hold, or holds as
/// something else: files of dropped or later relations, WAL, what the last run left. It leaves
/// alone what is in no backup for other reasons (`lost+found`, what Chrysalis keeps), and in a
/// tablespace what belongs to other versions of the server.
final class StrayFiles {
  private final Path dataDirectory;
  private final String tablespacePrefix;
  private final KnownPaths known;
  private final Changes changes;

  StrayFiles(Path dataDirectory, int majorVersion, KnownPaths known, Changes changes) {
    this.dataDirectory = dataDirectory;
    this.tablespacePrefix = "PG_" + majorVersion + "_";
    this.known = known;
    this.changes = changes;
  }

  void remove() throws IOException {
    descend("");
  }

  private void descend(String path) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(dataDirectory.resolve(path))) {
      for (Path file : entries) {
        String name = String.valueOf(file.getFileName());
        String entry = path.isEmpty() ? name : path + "/" + name;
        if (!isLeftAlone(path, entry, name)) {
          look(entry, file);
        }
      }
    }
  }

  private void look(String path, Path file) throws IOException {
    Optional<FileEntry.Kind> kind = kindOf(path, file);
    if (kind.filter(k -> known.contains(k, path)).isEmpty()) {
      changes.remove(path);
    } else if (kind.get() != FileEntry.Kind.FILE) {
      // A link that the snapshot holds is a tablespace's.
      descend(path);
    }
  }

  private boolean isLeftAlone(String parent, String path, String name) {
    boolean ofTablespace = parent.startsWith("pg_tblspc/") && parent.lastIndexOf('/') == 9;
    return name.equals("lost+found")
        || name.equals(UndoPlaces.DIRECTORY)
        || path.equals(RestoreMark.BEGUN)
        || path.equals(RestoreMark.BEING_WRITTEN)
        || (path.equals("chrysalis") && !known.contains(FileEntry.Kind.DIRECTORY, path))
        || (ofTablespace && !name.startsWith(tablespacePrefix));
  }

  private static Optional<FileEntry.Kind> kindOf(String path, Path file) {
    if (Files.isSymbolicLink(file)) {
      boolean wal = path.equals("pg_wal") && Files.isDirectory(file);
      return Optional.of(wal ? FileEntry.Kind.DIRECTORY : FileEntry.Kind.LINK);
    }
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.of(FileEntry.Kind.DIRECTORY);
    }
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(FileEntry.Kind.FILE)
        : Optional.empty();
  }
}
