package dev.chrysalis.lab;

import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The claim of a process on a lab's folder, so that no other of its kind takes the lab away from
/// under it. It is a lock on a file beside the folder: the kernel gives it up when the process
/// dies, however it dies.
public final class LabClaim implements AutoCloseable {
  private final FileChannel file;

  private LabClaim(FileChannel file) {
    this.file = file;
  }

  /// Claims the folder; `IN_USE` where a living process has.
  public static LabClaim take(LabLayout layout) {
    Path path = layout.root().resolveSibling("." + layout.root().getFileName() + ".in-use");
    FileChannel file = null;
    try {
      Files.createDirectories(layout.root().getParent());
      file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (locked(file)) {
        return new LabClaim(file);
      }
      file.close();
    } catch (IOException e) {
      close(file, e);
      throw new ChrysalisException(
          LabErrors.FILES,
          "the lab's folder cannot be claimed by " + path + ": " + e,
          "check the folder's permissions, or choose another by CHRYSALIS_LAB",
          e);
    }
    throw new ChrysalisException(
        LabErrors.IN_USE,
        "another process uses the lab in " + layout.root(),
        "wait for its end, or choose another folder by the variable CHRYSALIS_LAB");
  }

  private static boolean locked(FileChannel file) throws IOException {
    try {
      FileLock lock = file.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException _) {
      // Another claim of this very process.
      return false;
    }
  }

  private static void close(@Nullable FileChannel file, IOException because) {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        because.addSuppressed(e);
      }
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      // The lock ends with the process at the latest.
    }
  }
}
