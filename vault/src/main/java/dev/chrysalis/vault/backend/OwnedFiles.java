package dev.chrysalis.vault.backend;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Makes private files and folders under a root, durable and in the root's owner's name.
final class OwnedFiles {
  static final String TEMPORARIES = "~tmp";

  private static final int COPY_BYTES = 128 * 1024;
  private static final int FOLDERS_REMEMBERED = 10_000;

  private final Path root;
  private final int uid;
  private final int gid;
  private final Set<Path> durable = ConcurrentHashMap.newKeySet();

  private OwnedFiles(Path root, int uid, int gid) {
    this.root = root;
    this.uid = uid;
    this.gid = gid;
  }

  static OwnedFiles under(Path root) throws IOException {
    return new OwnedFiles(root, id(root, "unix:uid"), id(root, "unix:gid"));
  }

  /// Makes the root itself, private, unless it is there.
  static void createRoot(Path root) throws IOException {
    try {
      Files.createDirectory(root, mode("rwx------"));
      Path parent = root.toAbsolutePath().getParent();
      if (parent != null) {
        flush(parent);
      }
    } catch (FileAlreadyExistsException e) {
      // Opening it says whether it can be used.
    }
  }

  /// Makes the folder and those above it, and returns when all of their names are on disk. A folder
  /// that another process made may not have been flushed by it, so each is flushed once here.
  Path durableFolder(Path folder) throws IOException {
    if (folder.equals(root) || durable.contains(folder)) {
      return folder;
    }
    Path parent = folder.getParent();
    if (parent == null) {
      throw new IllegalStateException("outside of the vault's directory: " + folder);
    }
    durableFolder(parent);
    makeFolder(folder);
    flush(parent);
    if (durable.size() >= FOLDERS_REMEMBERED) {
      durable.clear();
    }
    durable.add(folder);
    return folder;
  }

  void forgetFolders() {
    durable.clear();
  }

  private void makeFolder(Path folder) throws IOException {
    try {
      Files.createDirectory(folder, mode("rwx------"));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw new FileSystemException(folder.toString(), null, DirectoryErrors.NOT_A_DIRECTORY);
      }
    }
    // Also of a folder that was there: its maker may have died before it gave it away.
    giveToOwner(folder);
  }

  /// Writes the body into a private file under `~tmp` and flushes it. Closing removes that name.
  Temporary write(Body body) throws IOException {
    Path path = durableFolder(root.resolve(TEMPORARIES)).resolve(UUID.randomUUID().toString());
    try {
      return written(path, body);
    } catch (NoSuchFileException e) {
      forgetFolders();
      throw e;
    }
  }

  private Temporary written(Path path, Body body) throws IOException {
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (InputStream in = BodyStream.open(body);
        FileChannel out = FileChannel.open(path, options, mode("rw-------"))) {
      giveToOwner(path);
      copy(in, out);
      out.force(true);
      return new Temporary(path);
    } catch (IOException e) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
  }

  private static void copy(InputStream in, FileChannel out) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
    for (int got = in.read(buffer.array()); got >= 0; got = in.read(buffer.array())) {
      buffer.clear().limit(got);
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
    }
  }

  /// Only root can give a file away, and only root needs to.
  private void giveToOwner(Path path) throws IOException {
    int own = id(path, "unix:uid");
    if (own == 0 && (uid != 0 || id(path, "unix:gid") != gid)) {
      Files.setAttribute(path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
    }
  }

  int removeTemporaries(Instant before) throws IOException {
    Path folder = root.resolve(TEMPORARIES);
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return 0;
    }
    int removed = 0;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (untouchedSince(entry, before) && Files.deleteIfExists(entry)) {
          removed++;
        }
      }
    }
    return removed;
  }

  private static boolean untouchedSince(Path file, Instant time) throws IOException {
    try {
      BasicFileAttributes found =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return found.isRegularFile() && found.lastModifiedTime().toInstant().isBefore(time);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /// Returns when the folder's entries are on disk.
  static void flush(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static int id(Path path, String attribute) throws IOException {
    return (Integer) Files.getAttribute(path, attribute, LinkOption.NOFOLLOW_LINKS);
  }

  private static FileAttribute<?> mode(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }

  /// A flushed file that has only its temporary name yet.
  record Temporary(Path path) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      Files.deleteIfExists(path);
    }
  }
}
