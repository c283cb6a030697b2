package dev.chrysalis.platform.volume;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A folder for a copy of data that nobody shall find left over: who makes one holds a lock beside
/// it for as long as it is of use, and removes those whose locks nobody holds any more. The kernel
/// takes a lock back with the process, however that ends.
public final class ScratchFolder implements AutoCloseable {
  private static final String SCRATCH = "-scratch-";
  private static final String LOCK = ".lock";

  private final Path folder;
  private final Path file;
  private final FileChannel lock;

  private ScratchFolder(Path folder, Path file, FileChannel lock) {
    this.folder = folder;
    this.file = file;
    this.lock = lock;
  }

  /// Makes an empty one, private, and removes what others left in the same place. It belongs to
  /// whom this process belongs, as the server in it does; the place, where it is there, stays as it
  /// is.
  ///
  /// @param kind what it is of, as `redis`: only folders of that kind are removed
  /// @param name that nobody else uses there at the same time
  public static ScratchFolder make(Path parent, String kind, String name) throws IOException {
    if (!Files.isDirectory(parent)) {
      Files.createDirectories(parent, onlyOwner());
    }
    for (Path left : locks(parent, kind)) {
      removeUnlessHeld(left);
    }
    Path folder = parent.resolve(kind + SCRATCH + name);
    Path file = parent.resolve(kind + SCRATCH + name + LOCK);
    FileChannel lock = open(file);
    if (tryLock(lock) == null) {
      lock.close();
      throw new IOException("another process uses " + folder);
    }
    ScratchFolder made = new ScratchFolder(folder, file, lock);
    remove(folder);
    Files.createDirectory(folder, onlyOwner());
    return made;
  }

  private static FileAttribute<Set<PosixFilePermission>> onlyOwner() {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  }

  private static List<Path> locks(Path parent, String kind) throws IOException {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(parent, kind + SCRATCH + "*" + LOCK)) {
      found.forEach(all::add);
    }
    return all;
  }

  private static void removeUnlessHeld(Path file) throws IOException {
    try (FileChannel lock = open(file)) {
      if (tryLock(lock) != null) {
        String name = String.valueOf(file.getFileName());
        remove(file.resolveSibling(name.substring(0, name.length() - LOCK.length())));
        Files.deleteIfExists(file);
      }
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process.
      return null;
    }
  }

  public Path folder() {
    return folder;
  }

  private static void remove(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      Files.walkFileTree(folder, new LeftOvers(folder));
      Files.delete(folder);
    }
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      remove(folder);
      Files.deleteIfExists(file);
    }
  }
}
