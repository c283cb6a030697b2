package dev.chrysalis.vault;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;

/// A snapshot opened for reading. Safe for many threads.
public interface SnapshotReader extends AutoCloseable {
  Snapshot snapshot();

  /// All entries, in ascending order of path, directories before what is in them. The stream is
  /// read from the vault as it goes and is to be closed.
  Stream<FileEntry> entries();

  /// Reads and authenticates one chunk into the buffer (which gets exactly `chunk.length()` bytes):
  /// the bytes are those that were stored for this id. Whether they also hash to it (`matches`) is
  /// left to a proof. `SNAPSHOT_INCOMPLETE` with counts where its pack is gone, `OBJECT_DAMAGED`
  /// naming the pack where it is not what was written. Chunks of a pack are cheapest in their order
  /// in it.
  void read(Chunk chunk, ByteBuffer into);

  /// Whether this content (from position to limit, left as they are) is the chunk's: computed here,
  /// without reading the vault.
  boolean matches(Chunk chunk, ByteBuffer content);

  /// The packs that the snapshot needs and the vault does not hold, or holds with another size (by
  /// listing, not by reading). Empty = none missing.
  List<String> missingPacks();

  @Override
  void close();
}
