package dev.chrysalis.volumes;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/// Sets the sizes of files.
public final class FileSizes {
  private FileSizes() {}

  /// Makes an existing file shorter or longer; a hole of zeros is what is new.
  public static void set(Path file, long size) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(size);
    }
  }
}
