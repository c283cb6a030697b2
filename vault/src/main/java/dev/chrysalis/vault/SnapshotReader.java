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

  /// Reads and authenticates one chunk into the buffer (which gets exactly `chunk.length()` bytes).
  void read(Chunk chunk, ByteBuffer into);

  /// The packs that the snapshot needs and the vault does not hold (by listing, not by reading).
  /// Empty = none missing.
  List<String> missingPacks();

  @Override
  void close();
}
