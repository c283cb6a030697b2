package dev.chrysalis.vault.backend;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultErrors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Objects as files of a directory that many processes may share, also over a network file system
/// with hard links. How an object is created:
///
/// 1. the key's folders are made, and every folder above is flushed once by this process;
/// 2. a private file is created under `~tmp` (no key can name it), written and flushed;
/// 3. `link()` gives it its name, which fails where the name is taken: exactly one wins;
/// 4. the folder is flushed, also where the name was taken;
/// 5. the name under `~tmp` is removed.
///
/// Properties: an object is visible only whole; once `NEW` or `EXISTS` was answered it outlives a
/// loss of power; a crash leaves at most a file under `~tmp`, which no listing shows and
/// `removeTemporaries` clears. Run by root, everything that it creates belongs to the directory's
/// owner, so that agents without privileges and root share a vault. Symbolic links inside are not
/// followed. A key cannot lie under another (`a` and `a/b`): the second is `VaultErrors.BAD_KEY`. A
/// root that was replaced or unmounted meanwhile is `VaultErrors.UNREACHABLE`, not an empty vault.
public final class DirectoryBackend implements ErasingBackend {
  /// It may be a network file system.
  private static final int GAP_BYTES = 64 << 10;

  private static final Traits TRAITS = new Traits(false, Long.MAX_VALUE, GAP_BYTES);

  private final Path root;
  private final Object identity;
  private final OwnedFiles files;

  private DirectoryBackend(Path root) throws IOException {
    this.root = root.toRealPath();
    this.identity = identity(this.root);
    this.files = OwnedFiles.under(this.root);
  }

  /// Opens an existing directory; a missing one is `VaultErrors.BAD_LOCATION`.
  public static DirectoryBackend at(Path root) {
    try {
      if (!Files.readAttributes(root, BasicFileAttributes.class).isDirectory()) {
        throw new ChrysalisException(
            VaultErrors.BAD_LOCATION,
            "the vault's directory is not a directory: " + root,
            "check the path");
      }
      return new DirectoryBackend(root);
    } catch (NoSuchFileException e) {
      throw new ChrysalisException(
          VaultErrors.BAD_LOCATION,
          "the vault's directory does not exist: " + root,
          "check the path and that it is mounted; for a new vault create it first",
          e);
    } catch (IOException e) {
      throw DirectoryErrors.of("could not open", root, e);
    }
  }

  /// Opens the directory and makes it first, private (0700), where it is missing. Its parent must
  /// exist: a missing one is more often a mount that is not there than a wish for new folders.
  public static DirectoryBackend create(Path root) {
    Path parent = root.toAbsolutePath().normalize().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      throw new ChrysalisException(
          VaultErrors.BAD_LOCATION,
          "the parent of the vault's directory does not exist: " + parent,
          "check the path and that it is mounted, or make the parent");
    }
    try {
      OwnedFiles.createRoot(root);
      return at(root);
    } catch (IOException e) {
      throw DirectoryErrors.of("could not create", root, e);
    }
  }

  @Override
  public Traits traits() {
    return TRAITS;
  }

  @Override
  public Created create(String key, Body body) {
    Path target = root.resolve(ObjectKeys.check(key));
    try {
      requireSameRoot();
      Path folder = files.durableFolder(parent(target));
      if (taken(target)) {
        OwnedFiles.flush(folder);
        return Created.EXISTS;
      }
      try (OwnedFiles.Temporary written = files.write(body)) {
        Created created = link(written.path(), target);
        OwnedFiles.flush(folder);
        return created;
      }
    } catch (IOException e) {
      throw DirectoryErrors.of("could not create", target, e);
    }
  }

  private Created link(Path written, Path target) throws IOException {
    try {
      Files.createLink(target, written);
      return Created.NEW;
    } catch (FileAlreadyExistsException e) {
      if (taken(target)) {
        return Created.EXISTS;
      }
      throw e;
    } catch (NoSuchFileException e) {
      // Somebody removed the folder by hand after this process had flushed it.
      files.forgetFolders();
      throw e;
    }
  }

  /// Whether an object has this name; a folder or a link there makes the key unusable.
  private static boolean taken(Path target) throws IOException {
    try {
      if (attributes(target).isRegularFile()) {
        return true;
      }
      throw new ChrysalisException(
          VaultErrors.BAD_KEY,
          "the vault's directory has a folder or link where an object should be: " + target,
          "a key cannot lie under another; links are not followed");
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public InputStream open(String key, long offset, long length) {
    Path target = root.resolve(ObjectKeys.check(key));
    ObjectKeys.checkRange(offset, length);
    try {
      OptionalLong size = sizeOf(target);
      if (size.isEmpty()) {
        throw new NoSuchFileException(target.toString());
      }
      long from = Math.min(offset, size.getAsLong());
      FileChannel channel =
          FileChannel.open(target, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
      channel.position(from);
      return new ExactLengthStream(
          Channels.newInputStream(channel),
          Math.min(length, size.getAsLong() - from),
          target.toString());
    } catch (NoSuchFileException e) {
      throw DirectoryErrors.missing(target, e);
    } catch (IOException e) {
      throw DirectoryErrors.of("could not open", target, e);
    }
  }

  @Override
  public OptionalLong size(String key) {
    Path target = root.resolve(ObjectKeys.check(key));
    try {
      return sizeOf(target);
    } catch (IOException e) {
      throw DirectoryErrors.of("could not look at", target, e);
    }
  }

  private OptionalLong sizeOf(Path target) throws IOException {
    if (inPlainFolders(target)) {
      try {
        BasicFileAttributes found = attributes(target);
        return found.isRegularFile() ? OptionalLong.of(found.size()) : OptionalLong.empty();
      } catch (NoSuchFileException e) {
        // Absent, if the vault itself is still there.
      }
    }
    requireSameRoot();
    return OptionalLong.empty();
  }

  /// Whether the folders above exist and none is a symbolic link.
  private static boolean inPlainFolders(Path target) throws IOException {
    Path folder = parent(target);
    try {
      return folder.toRealPath().equals(folder);
    } catch (NoSuchFileException e) {
      return false;
    } catch (FileSystemException e) {
      if (DirectoryErrors.isNotADirectory(e)) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public Stream<Listed> list(String prefix) {
    ObjectKeys.checkPrefix(prefix);
    try {
      requireSameRoot();
    } catch (IOException e) {
      throw DirectoryErrors.of("could not list", root, e);
    }
    DirectoryListing listing = new DirectoryListing(root, prefix, this::requireSameRoot);
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(listing, Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }

  @Override
  public void delete(String key) {
    Path target = root.resolve(ObjectKeys.check(key));
    try {
      if (sizeOf(target).isPresent() && Files.deleteIfExists(target)) {
        OwnedFiles.flush(parent(target));
      }
    } catch (IOException e) {
      throw DirectoryErrors.of("could not delete", target, e);
    }
  }

  /// Removes files under `~tmp` that nobody has written to since that time, left by processes that
  /// died, and returns how many there were. Choose a time well before the oldest create that may
  /// still run.
  public int removeTemporaries(Instant before) {
    try {
      return files.removeTemporaries(before);
    } catch (IOException e) {
      throw DirectoryErrors.of("could not clear temporary files of", root, e);
    }
  }

  private void requireSameRoot() throws IOException {
    if (!identity.equals(identity(root))) {
      throw new ChrysalisException(
          VaultErrors.UNREACHABLE,
          "the vault's directory is not the one that was opened: " + root,
          "it was unmounted or replaced: mount it again, or restart if it was moved on purpose");
    }
  }

  /// The inode without the device: a network file system mounted again is the same vault on another
  /// device, while the empty folder that it was mounted on is another inode.
  private static Object identity(Path root) throws IOException {
    try {
      return Files.getAttribute(root, "unix:ino");
    } catch (NoSuchFileException e) {
      return "missing";
    }
  }

  private static Path parent(Path target) {
    Path parent = target.getParent();
    if (parent == null) {
      throw new IllegalStateException("an object has a folder: " + target);
    }
    return parent;
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public String toString() {
    return "file://" + root;
  }

  @Override
  public void close() {}
}
