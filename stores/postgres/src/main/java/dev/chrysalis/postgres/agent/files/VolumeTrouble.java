package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.PostgresErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Says what an error means that came while a volume was written: `NO_ROOM` where it is full, else
/// `VOLUME_FAILED`.
public final class VolumeTrouble {
  private static final List<String> FULL =
      List.of("No space left on device", "Disk quota exceeded", "File too large");

  private VolumeTrouble() {}

  /// @param failed what was tried: `cannot write`
  /// @param hint what to do where the volume is not full
  public static ChrysalisException of(String failed, Path path, Exception e, String hint) {
    if (FULL.stream().anyMatch(String.valueOf(e.getMessage())::contains)) {
      return new ChrysalisException(
          PostgresErrors.NO_ROOM,
          "%s %s: the volume is full (%s)".formatted(failed, path, room(path)),
          "make room on the volume, for one by chrysalis aside list and drop, or enlarge it",
          e);
    }
    return new ChrysalisException(
        PostgresErrors.VOLUME_FAILED, failed + " " + path + ": " + e, hint, e);
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
