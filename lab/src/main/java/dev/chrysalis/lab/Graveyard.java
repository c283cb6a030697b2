package dev.chrysalis.lab;

import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Where volumes go that a fault destroys: renamed away in one act, so that their server's restart
/// finds them gone, and deleted after.
///
/// @param folder on the volumes' file system; it is there only while a fault is done
record Graveyard(Path folder) {
  /// Takes a volume away; one that an earlier fault destroyed is no error.
  void bury(Path volume) {
    try {
      Files.createDirectories(folder);
      Path grave = folder.resolve(volume.getFileName());
      FileTree.remove(grave);
      Files.move(volume, grave);
    } catch (NoSuchFileException e) {
      // Destroyed by an earlier fault.
      return;
    } catch (IOException e) {
      throw failed(volume, e);
    }
  }

  /// Deletes what was taken away, for good.
  void clear() {
    try {
      FileTree.remove(folder);
    } catch (IOException e) {
      throw failed(folder, e);
    }
  }

  private static ChrysalisException failed(Path volume, IOException cause) {
    return new ChrysalisException(
        LabErrors.FAULT_FAILED,
        volume + " could not be destroyed",
        "inject faults as the user that made the lab",
        cause);
  }
}
