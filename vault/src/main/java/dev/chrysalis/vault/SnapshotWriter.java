package dev.chrysalis.vault;

import java.nio.ByteBuffer;
import java.util.Map;

/// A snapshot being written. All methods may be called by many threads; the work of `store` is done
/// in the caller's thread, so that as many cores are used as there are callers. A writer that is
/// closed without `commit` leaves nothing visible (its packs wait for prune).
public interface SnapshotWriter extends AutoCloseable {
  /// The content of all chunks but a file's last has this many bytes.
  int CHUNK_BYTES = 256 * 1024;

  SnapshotId id();

  /// Stores a piece of content (1 to `CHUNK_BYTES` bytes, from position to limit, consumed), unless
  /// the vault has it.
  Chunk store(ByteBuffer content);

  /// Adds a finished entry to the manifest.
  void add(FileEntry entry);

  /// Waits until all chunks are durable (call it when no `store` or `add` is under way), then
  /// writes the manifest, then the catalog's record: in this order, so that a snapshot that is
  /// visible is complete. Afterwards, or after an error, the writer can only be closed.
  Snapshot commit(Map<String, String> facts);

  @Override
  void close();
}
