package dev.chrysalis.platform.volume;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Says what an error means that came while a volume was written.
///
/// @param noRoom a store's error where the volume is full
/// @param failed a store's error for all else
public record VolumeTrouble(ErrorCode noRoom, ErrorCode failed) {
  private static final List<String> FULL =
      List.of("No space left on device", "Disk quota exceeded", "File too large");

  /// @param tried what was tried: `cannot write`
  /// @param hint what to do where the volume is not full
  public ChrysalisException of(String tried, Path path, Exception e, String hint) {
    if (FULL.stream().anyMatch(String.valueOf(e.getMessage())::contains)) {
      return new ChrysalisException(
          noRoom,
          "%s %s: the volume is full (%s)".formatted(tried, path, room(path)),
          "make room on the volume, for one by chrysalis aside list and drop, or enlarge it",
          e);
    }
    return new ChrysalisException(failed, tried + " " + path + ": " + e, hint, e);
  }

  private static String room(Path path) {
    Path there = path.toAbsolutePath();
    while (there.getParent() != null && !Files.exists(there)) {
      there = there.getParent();
    }
    try {
      long free = Files.getFileStore(there).getUsableSpace();
      return "%d MiB free on %s".formatted(free >> 20, Files.getFileStore(there));
    } catch (IOException _) {
      return "its room cannot be learnt";
    }
  }
}
