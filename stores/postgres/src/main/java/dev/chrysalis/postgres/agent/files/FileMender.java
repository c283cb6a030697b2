package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.vault.Chunk;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.volumes.FileWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/// Mends files that have the right size already:
///
/// 1. each chunk's stretch is read and hashed; where it is what the snapshot holds, that is all;
/// 2. else the chunk is read from the vault and compared page by page;
/// 3. only pages that differ are overwritten.
///
/// One mender serves one thread and reuses its buffers.
final class FileMender implements Consumer<FileMender.Piece> {
  private static final int CHUNKS_PER_PIECE = 64;
  private static final int PAGE_BYTES = PageChecksum.PAGE_BYTES;

  private final SnapshotReader reader;
  private final Changes changes;
  private final LongConsumer changed;
  private final LongConsumer compared;
  private final ByteBuffer there = ByteBuffer.allocateDirect(SnapshotWriter.CHUNK_BYTES);
  private final ByteBuffer fresh = ByteBuffer.allocateDirect(SnapshotWriter.CHUNK_BYTES);

  /// @param changed is told how many bytes are overwritten
  /// @param compared is told how many bytes are as they are to be
  FileMender(SnapshotReader reader, Changes changes, LongConsumer changed, LongConsumer compared) {
    this.reader = reader;
    this.changes = changes;
    this.changed = changed;
    this.compared = compared;
  }

  /// Some chunks of a file.
  record Piece(FileEntry entry, Path file, int first) {}

  /// Hands the pieces of a file out.
  static void begin(FileEntry entry, Path file, Consumer<Piece> pieces) {
    for (int i = 0; i < entry.chunks().size(); i += CHUNKS_PER_PIECE) {
      pieces.accept(new Piece(entry, file, i));
    }
  }

  @Override
  public void accept(Piece piece) {
    FileEntry entry = piece.entry;
    int last = Math.min(piece.first + CHUNKS_PER_PIECE, entry.chunks().size());
    try (FileChannel channel = FileChannel.open(piece.file, StandardOpenOption.READ)) {
      for (int i = piece.first; i < last; i++) {
        mend(channel, entry, i);
      }
    } catch (IOException e) {
      throw PostgresErrors.VOLUME.of(
          "cannot write", piece.file, e, "look at the volume and at the agent's rights on it");
    }
  }

  private void mend(FileChannel channel, FileEntry entry, int index) throws IOException {
    Chunk chunk = entry.chunks().get(index);
    long position = FileWriter.positionOf(entry, index);
    there.clear().limit(chunk.length());
    while (there.hasRemaining()) {
      if (channel.read(there, position + there.position()) < 0) {
        throw new IOException(
            "it became shorter while it was compared: something else writes to it");
      }
    }
    there.flip();
    if (!reader.matches(chunk, there)) {
      fresh.clear().limit(chunk.length());
      reader.read(chunk, fresh);
      overwrite(entry.path(), position, chunk.length());
    }
    compared.accept(chunk.length());
  }

  private void overwrite(String path, long position, int length) throws IOException {
    int begin = 0;
    while (begin < length) {
      int end = begin;
      while (end < length && differs(end, length)) {
        end = Math.min(end + PAGE_BYTES, length);
      }
      if (end > begin) {
        int run = end - begin;
        changed.accept(run);
        changes.overwrite(path, position + begin, fresh.slice(begin, run), there.slice(begin, run));
      }
      begin = Math.max(end, begin + PAGE_BYTES);
    }
  }

  private boolean differs(int at, int length) {
    int size = Math.min(PAGE_BYTES, length - at);
    return fresh.slice(at, size).mismatch(there.slice(at, size)) >= 0;
  }
}
