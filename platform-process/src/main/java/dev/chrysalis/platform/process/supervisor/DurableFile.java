package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.platform.process.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/// Small JSON files that a crash leaves either old or new: temporary file, fsync, rename, fsync of
/// the directory.
final class DurableFile {
  private DurableFile() {}

  static void write(Path file, Object value) {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      Files.deleteIfExists(temporary);
      Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      try (var channel = FileChannel.open(temporary, options, privately("rw-------"))) {
        var bytes = ByteBuffer.wrap(Json.line(value));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      syncDirectory(parent(file));
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }

  static <T> Optional<T> read(Path file, Class<T> type) {
    try {
      return Files.exists(file)
          ? Optional.of(Json.read(Files.readAllBytes(file), type))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + file, e);
    }
  }

  /// Removes a file, durably; one that is not there is no error.
  static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
      syncDirectory(parent(file));
    } catch (IOException e) {
      throw new UncheckedIOException("could not remove " + file, e);
    }
  }

  /// Creates a directory that only its owner can enter, and makes that durable.
  static void makeDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(parent(directory));
      Files.createDirectory(directory, privately("rwx------"));
      syncDirectory(parent(directory));
    }
  }

  /// Renames a directory, durably in both of its parents.
  static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    syncDirectory(parent(to));
    syncDirectory(parent(from));
  }

  static FileAttribute<?> privately(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }

  private static Path parent(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("has no directory: " + file);
    }
    return parent;
  }

  private static void syncDirectory(Path directory) throws IOException {
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
