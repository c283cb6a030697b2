package dev.chrysalis.platform.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Creates files and directories that belong to the owner of a given directory (an agent that runs
/// as root restores for a server that does not), closed to everybody else until their own mode is
/// set. Who is not root can give nothing away: there they belong to who creates them.
///
/// @param uid of the owner
/// @param gid of the owner's group
public record PrivateFiles(int uid, int gid) {
  /// What a file is called until `replace` gives it its name.
  public static final String SUFFIX = ".chrysalis-new";

  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final int FILE_MODE = 0600;

  /// Belongs to whom this process belongs, on Linux.
  private static final Path SELF = Path.of("/proc/self");

  /// Files that belong to whom a directory belongs.
  public static PrivateFiles like(Path directory) throws IOException {
    return new PrivateFiles(id(directory, "unix:uid"), id(directory, "unix:gid"));
  }

  /// Files that belong to whom a directory belongs, or where it is missing the nearest one above
  /// it.
  public static PrivateFiles likeNearest(Path directory) throws IOException {
    Path there = directory;
    while (!Files.exists(there)) {
      there = parent(there);
    }
    return like(there);
  }

  private static int id(Path path, String attribute) throws IOException {
    return Files.getAttribute(path, attribute, LinkOption.NOFOLLOW_LINKS) instanceof Integer id
        ? id
        : -1;
  }

  /// Replaces a file by a small text, durably, by one rename.
  public void replace(Path file, String text) throws IOException {
    replace(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /// Replaces a file by these bytes, durably, by one rename.
  public void replace(Path file, byte[] content) throws IOException {
    replace(file, content, FILE_MODE);
  }

  /// As `replace`, with this mode.
  public void replace(Path file, byte[] content, int mode) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + SUFFIX);
    try (FileChannel channel = create(fresh)) {
      setMode(fresh, mode);
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    rename(fresh, file);
  }

  /// Renames, durably.
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    sync(parent(to));
  }

  /// Creates an empty file, or empties the one that is there.
  public FileChannel create(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(FILE));
    try {
      own(file);
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /// Creates a directory unless it is there, and sets its mode.
  public void directory(Path directory, int mode) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    own(directory);
    // The agent itself has still to write into it.
    setMode(directory, mode | 0700);
  }

  /// As `directory`; missing parents are created too, for the owner to go through.
  public void directories(Path directory, int mode) throws IOException {
    if (!Files.isDirectory(parent(directory))) {
      directories(parent(directory), 0700);
    }
    directory(directory, mode);
  }

  public void setMode(Path path, int mode) throws IOException {
    Files.setAttribute(path, "unix:mode", mode & 0777);
  }

  /// Gives a file, directory or link to the owner, where it is somebody else's.
  public void own(Path path) throws IOException {
    own(path, !Files.exists(SELF) || Files.getAttribute(SELF, "unix:uid").equals(0));
  }

  void own(Path path, boolean root) throws IOException {
    if (root && id(path, "unix:uid") != uid) {
      Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
    }
    if (id(path, "unix:gid") != gid) {
      try {
        Files.setAttribute(path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
      } catch (FileSystemException e) {
        // Others than root give files to groups of their own only.
        if (root) {
          throw e;
        }
      }
    }
  }

  /// The directory in which a path lies.
  public static Path parent(Path path) throws IOException {
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException("the root of the file system is no place for this");
    }
    return parent;
  }

  /// Makes a file's content, or a directory's names, durable.
  public static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
