package dev.chrysalis.vault.backend;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.vault.VaultErrors;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// Says what an error of the file system means to a vault.
final class DirectoryErrors {
  static final String NOT_A_DIRECTORY = "Not a directory";

  private static final List<String> FULL =
      List.of("No space left on device", "Disk quota exceeded", "File too large");
  private static final List<String> FORBIDDEN =
      List.of("Permission denied", "Operation not permitted", "Read-only file system");

  /// Below this much room any failed write counts as a full disk, whatever the system's words.
  private static final long NEXT_TO_NOTHING = 64 * 1024;

  private DirectoryErrors() {}

  static ChrysalisException of(String failed, Path path, IOException e) {
    ErrorCode code = code(path, e);
    return new ChrysalisException(
        code, failed + " " + path + ": " + reason(e), hint(code, path), e);
  }

  static ChrysalisException missing(Path path, IOException e) {
    return new ChrysalisException(
        VaultErrors.OBJECT_MISSING,
        "the vault holds no " + path,
        "something removed it, or it was never written",
        e);
  }

  private static ErrorCode code(Path path, IOException e) {
    String reason = reason(e);
    if (e instanceof BodyStream.Failed) {
      return VaultErrors.BODY_UNREADABLE;
    }
    if (e instanceof ClosedByInterruptException) {
      return VaultErrors.INTERRUPTED;
    }
    if (e instanceof AccessDeniedException || mentions(reason, FORBIDDEN)) {
      return VaultErrors.ACCESS_DENIED;
    }
    if (mentions(reason, FULL) || isFull(path)) {
      return VaultErrors.NO_SPACE;
    }
    return isNotADirectory(e) ? VaultErrors.BAD_KEY : VaultErrors.UNREACHABLE;
  }

  private static String hint(ErrorCode code, Path path) {
    if (code.equals(VaultErrors.ACCESS_DENIED)) {
      return "give this user write access; the file system must be writable and know hard links";
    }
    if (code.equals(VaultErrors.NO_SPACE)) {
      return "make room on the file system of " + path + ", or prune the vault";
    }
    if (code.equals(VaultErrors.BODY_UNREADABLE)) {
      return "look at the disk that it is read from";
    }
    if (code.equals(VaultErrors.BAD_KEY)) {
      return "a key cannot lie under another; links are not followed";
    }
    if (code.equals(VaultErrors.INTERRUPTED)) {
      return "the work was stopped; run it again";
    }
    return "check the disk or the mount that holds the vault";
  }

  static boolean isNotADirectory(IOException e) {
    return e instanceof NotDirectoryException || reason(e).contains(NOT_A_DIRECTORY);
  }

  private static boolean mentions(String reason, List<String> words) {
    return words.stream().anyMatch(reason::contains);
  }

  private static boolean isFull(Path path) {
    Path there = path;
    while (there.getParent() != null && !Files.exists(there)) {
      there = there.getParent();
    }
    try {
      return Files.getFileStore(there).getUsableSpace() < NEXT_TO_NOTHING;
    } catch (IOException e) {
      // The first error says more than that the room could not be learnt.
      return false;
    }
  }

  private static String reason(IOException e) {
    String reason = e instanceof FileSystemException known ? known.getReason() : e.getMessage();
    return Objects.requireNonNullElse(reason, e.getClass().getSimpleName());
  }
}
