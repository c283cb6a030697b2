package dev.chrysalis.vault;

import java.time.Instant;
import java.util.List;

/// A file, directory or link of a snapshot.
///
/// @param path relative, with `/`; no part is `.` or `..`; checked on reading too
/// @param mode POSIX permission bits
/// @param size bytes of a file, else 0
/// @param linkTarget what a link points to, else empty
/// @param chunks the file's content in order; all chunks but the last have
///   `SnapshotWriter.CHUNK_BYTES`
public record FileEntry(
    String path,
    Kind kind,
    int mode,
    long size,
    Instant modified,
    String linkTarget,
    List<Chunk> chunks) {

  public FileEntry {
    if (path.isEmpty() || path.startsWith("/") || path.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("not a relative path: " + path);
    }
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw new IllegalArgumentException("not a plain path: " + path);
      }
    }
    chunks = List.copyOf(chunks);
  }

  /// What an entry is.
  public enum Kind {
    FILE,
    DIRECTORY,
    LINK
  }
}
