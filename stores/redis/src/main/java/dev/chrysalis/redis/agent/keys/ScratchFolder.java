package dev.chrysalis.redis.agent.keys;

import dev.chrysalis.platform.volume.LeftOvers;
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
final class ScratchFolder implements AutoCloseable {
  private static final String PREFIX = "redis-scratch-";
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
  static ScratchFolder make(Path parent, String name) throws IOException {
    if (!Files.isDirectory(parent)) {
      Files.createDirectories(parent, onlyOwner());
    }
    for (Path left : locks(parent)) {
      removeUnlessHeld(left);
    }
    Path folder = parent.resolve(PREFIX + name);
    Path file = parent.resolve(PREFIX + name + LOCK);
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

  private static List<Path> locks(Path parent) throws IOException {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, PREFIX + "*" + LOCK)) {
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

  Path folder() {
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
