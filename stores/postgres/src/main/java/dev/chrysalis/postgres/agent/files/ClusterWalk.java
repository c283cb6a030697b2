package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.server.ControlFile;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.volumes.FoundFile;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Walks over the files of a cluster whose server may be running:
///
/// 1. each directory is told before what is in it;
/// 2. `SkippedFiles` says what is left out; the control file is, because it is copied last;
/// 3. of an unlogged relation only the initial fork is kept, which the server copies over the
///    others when it recovers;
/// 4. the links in `pg_tblspc` are told as links, and what they point to under them, as far as it
///    is of this major version; a `pg_wal` that is a link is told as a directory;
/// 5. what vanishes during the walk is passed over: the WAL knows of it.
///
/// Memory: the names of one directory's initial forks.
final class ClusterWalk {
  private static final String ATTRIBUTES =
      "unix:mode,size,lastModifiedTime,isDirectory,isSymbolicLink,isRegularFile";

  private final Path root;
  private final String tablespacePrefix;
  private final Consumer<FoundFile> visitor;
  private final Consumer<String> passedOver;

  /// @param passedOver is told what is neither file nor directory
  ClusterWalk(
      Path root, int majorVersion, Consumer<FoundFile> visitor, Consumer<String> passedOver) {
    this.root = root;
    this.tablespacePrefix = "PG_" + majorVersion + "_";
    this.visitor = visitor;
    this.passedOver = passedOver;
  }

  /// Walks. `VOLUME_FAILED` where something that is there cannot be read.
  void run() {
    try {
      descend("", root);
    } catch (IOException e) {
      throw failed(e);
    } catch (DirectoryIteratorException e) {
      throw failed(new IOException(e));
    }
  }

  private ChrysalisException failed(IOException e) {
    return new ChrysalisException(
        PostgresErrors.VOLUME_FAILED,
        "cannot read the data directory " + root + ": " + e,
        "look at the volume and at the agent's rights on it",
        e);
  }

  private void descend(String path, Path directory) throws IOException {
    boolean relations = SkippedFiles.holdsRelations(path);
    Set<String> unlogged = relations ? unloggedRelations(directory) : Set.of();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path file : entries) {
        String name = String.valueOf(file.getFileName());
        String entry = path.isEmpty() ? name : path + "/" + name;
        if (SkippedFiles.isLeftOut(entry, name) || isForeignVersion(path, name)) {
          continue;
        }
        if (relations && isWithoutWal(name, unlogged)) {
          continue;
        }
        visit(entry, file);
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      if (path.isEmpty()) {
        throw e;
      }
    }
  }

  private void visit(String path, Path file) throws IOException {
    Map<String, Object> attributes;
    try {
      attributes = Files.readAttributes(file, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
      if (is(attributes, "isSymbolicLink")) {
        followLink(path, file);
        return;
      }
    } catch (NoSuchFileException e) {
      return;
    }
    if (is(attributes, "isDirectory")) {
      visitor.accept(found(path, file, FileEntry.Kind.DIRECTORY, attributes, ""));
      if (!SkippedFiles.isEmptied(path)) {
        descend(path, file);
      }
    } else if (!is(attributes, "isRegularFile")) {
      passedOver.accept(path);
    } else if (!path.startsWith("pg_wal/")) {
      visitor.accept(found(path, file, FileEntry.Kind.FILE, attributes, ""));
    }
  }

  private void followLink(String path, Path link) throws IOException {
    Map<String, Object> target = Files.readAttributes(link, ATTRIBUTES);
    boolean directory = is(target, "isDirectory");
    if (path.startsWith("pg_tblspc/") && directory) {
      String place = Files.readSymbolicLink(link).toString();
      visitor.accept(found(path, link, FileEntry.Kind.LINK, target, place));
      descend(path, link);
    } else if (path.equals("pg_wal") && directory) {
      visitor.accept(found(path, link, FileEntry.Kind.DIRECTORY, target, ""));
      descend(path, link);
    } else if (path.indexOf('/') < 0 && is(target, "isRegularFile")) {
      // A configuration file that lives elsewhere: its content is what a restored server needs.
      visitor.accept(found(path, link, FileEntry.Kind.FILE, target, ""));
    } else {
      passedOver.accept(path);
    }
  }

  private boolean isForeignVersion(String parent, String name) {
    return parent.startsWith("pg_tblspc/")
        && parent.indexOf('/') == parent.lastIndexOf('/')
        && !name.startsWith(tablespacePrefix);
  }

  private static boolean isWithoutWal(String name, Set<String> unlogged) {
    return SkippedFiles.isTemporaryRelation(name)
        || SkippedFiles.relation(name)
            .filter(r -> !r.isInitFork() && unlogged.contains(r.number()))
            .isPresent();
  }

  private static Set<String> unloggedRelations(Path directory) throws IOException {
    Set<String> numbers = new HashSet<>();
    try (DirectoryStream<Path> forks = Files.newDirectoryStream(directory, "*_init")) {
      for (Path fork : forks) {
        SkippedFiles.relation(String.valueOf(fork.getFileName()))
            .ifPresent(r -> numbers.add(r.number()));
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      // The database was dropped meanwhile; the walk over its files finds the same.
      return Set.of();
    }
    return numbers;
  }

  private static boolean is(Map<String, Object> attributes, String name) {
    return Boolean.TRUE.equals(attributes.get(name));
  }

  private static FoundFile found(
      String path,
      Path file,
      FileEntry.Kind kind,
      Map<String, Object> attributes,
      String linkTarget) {
    boolean isFile = kind == FileEntry.Kind.FILE;
    return new FoundFile(
        path,
        file,
        kind,
        attributes.get("mode") instanceof Integer mode ? mode & 0777 : 0600,
        isFile && attributes.get("size") instanceof Long size ? size : 0,
        attributes.get("lastModifiedTime") instanceof FileTime time
            ? time.toInstant()
            : Instant.EPOCH,
        linkTarget);
  }

  /// The control file as a found file; it is told apart from the walk because it is copied last.
  static FoundFile controlFile(Path root) throws IOException {
    Path file = root.resolve(ControlFile.PATH);
    return found(
        ControlFile.PATH, file, FileEntry.Kind.FILE, Files.readAttributes(file, ATTRIBUTES), "");
  }
}
