package dev.chrysalis.agent.job;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// The spool's files: only their owner may read them, and what is replaced is on disk whole or not
/// at all, whatever happens in between.
public final class PrivateFiles {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private PrivateFiles() {}

  /// Creates a directory and those above it, durably, unless they are there.
  public static void createDirectory(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null) {
      createDirectory(parent);
    }
    try {
      Files.createDirectory(directory, OWNER_DIRECTORY);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
    if (parent != null) {
      force(parent);
    }
  }

  /// Opens a file, and creates it where there is none.
  static FileChannel open(Path file, OpenOption... more) throws IOException {
    Set<OpenOption> options =
        new HashSet<>(Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    options.addAll(Set.of(more));
    return FileChannel.open(file, options, OWNER_FILE);
  }

  /// Puts text in the place of a file's content.
  public static void replace(Path file, String text) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try (FileChannel channel = open(next, StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    force(Objects.requireNonNull(file.toAbsolutePath().getParent()));
  }

  /// A small file's text; empty where there is no such file.
  public static Optional<String> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /// What is said of a spool that could not be read or written.
  public static ChrysalisException failed(String what, Path where, IOException cause) {
    String reason = String.valueOf(cause.getMessage());
    boolean full = reason.toLowerCase(Locale.ROOT).contains("no space left");
    ErrorCode code = full ? AgentErrors.SPOOL_FULL : AgentErrors.SPOOL_FAILED;
    String hint =
        full
            ? "free space where CHRYSALIS_SPOOL lies, then repeat the command"
            : "see that CHRYSALIS_SPOOL is a directory that the agent's user may write";
    String kind = cause.getClass().getSimpleName();
    return new ChrysalisException(
        code, "cannot " + what + " " + where + ": " + kind + ": " + reason, hint, cause);
  }

  private static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
