package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.vault.FileEntry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// Something that a walk over a cluster found.
///
/// @param path relative to the data directory, tablespaces under `pg_tblspc/OID`
/// @param file where it really lies
/// @param linkTarget of a link, else empty
/// @param relation whether it is a relation's file, made of pages
record FoundFile(
    String path,
    Path file,
    FileEntry.Kind kind,
    int mode,
    long size,
    Instant modified,
    String linkTarget,
    boolean relation) {

  /// The entry of a directory or link.
  FileEntry withoutContent() {
    return new FileEntry(path, kind, mode, 0, modified, linkTarget, List.of());
  }
}
