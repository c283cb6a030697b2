package dev.chrysalis.volumes;

import dev.chrysalis.vault.FileEntry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// Something that a walk over a volume found.
///
/// @param path the name that it gets in the snapshot
/// @param file where it really lies
/// @param linkTarget of a link, else empty
public record FoundFile(
    String path,
    Path file,
    FileEntry.Kind kind,
    int mode,
    long size,
    Instant modified,
    String linkTarget) {

  /// The entry of a directory or link.
  public FileEntry withoutContent() {
    return new FileEntry(path, kind, mode, 0, modified, linkTarget, List.of());
  }
}
