package dev.chrysalis.volumes;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.platform.volume.VolumeTrouble;
import dev.chrysalis.vault.Chunk;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.VaultErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/// Writes pieces of files from a snapshot:
///
/// 1. `begin` makes the file in its full length, empty, under a temporary name;
/// 2. each piece reads its chunks and writes them at their places; chunks of zeros are left out, so
///    that they take no room;
/// 3. whoever writes the last piece renames the file to its own name.
///
/// Property: a file that has its own name is whole (though perhaps not yet durable). One writer
/// serves one thread and reuses its buffer.
public final class FileWriter implements Consumer<FileWriter.Piece> {
  private static final int CHUNKS_PER_PIECE = 64;

  /// The many small files are synced at the end.
  private static final int CHUNKS_WORTH_A_SYNC = 16;

  private static final String SUFFIX = ".chrysalis-part";
  private static final ByteBuffer ZEROS =
      ByteBuffer.allocateDirect(SnapshotWriter.CHUNK_BYTES).asReadOnlyBuffer();

  private final SnapshotReader reader;
  private final EarlySync sync;
  private final LongConsumer written;
  private final VolumeTrouble trouble;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(SnapshotWriter.CHUNK_BYTES);

  /// @param written is told the size of each piece
  /// @param trouble what an error on the volume is called
  public FileWriter(
      SnapshotReader reader, EarlySync sync, LongConsumer written, VolumeTrouble trouble) {
    this.reader = reader;
    this.sync = sync;
    this.written = written;
    this.trouble = trouble;
  }

  /// A file that is being written.
  ///
  /// @param held whether it keeps its temporary name at the end
  private record Target(
      FileEntry entry, Path file, boolean held, AtomicInteger piecesLeft, PrivateFiles files) {}

  /// Some chunks of a file.
  public static final class Piece {
    private final Target target;
    private final int first;

    private Piece(Target target, int first) {
      this.target = target;
      this.first = first;
    }
  }

  /// The name that a file has until it is whole.
  public static Path temporary(Path file) {
    return file.resolveSibling(file.getFileName() + SUFFIX);
  }

  /// Makes the file, and tells its pieces, in their order.
  public static List<Piece> begin(FileEntry entry, Path file, boolean held, PrivateFiles files)
      throws IOException {
    Path temporary = temporary(file);
    files.create(temporary).close();
    FileSizes.set(temporary, entry.size());
    int chunks = entry.chunks().size();
    int count = Math.ceilDiv(chunks, CHUNKS_PER_PIECE);
    Target target = new Target(entry, file, held, new AtomicInteger(count), files);
    if (count == 0) {
      end(target);
    }
    List<Piece> pieces = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      pieces.add(new Piece(target, i * CHUNKS_PER_PIECE));
    }
    return pieces;
  }

  @Override
  public void accept(Piece piece) {
    Target target = piece.target;
    int last = Math.min(piece.first + CHUNKS_PER_PIECE, target.entry.chunks().size());
    try {
      write(target, piece.first, last);
      if (target.piecesLeft.decrementAndGet() == 0) {
        end(target);
      }
    } catch (IOException e) {
      throw trouble.of(
          "cannot write", target.file, e, "look at the volume and at the agent's rights on it");
    }
  }

  private void write(Target target, int first, int last) throws IOException {
    FileChannel channel = FileChannel.open(temporary(target.file), StandardOpenOption.WRITE);
    try {
      for (int i = first; i < last; i++) {
        write(channel, target.entry, i);
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    if (last - first >= CHUNKS_WORTH_A_SYNC) {
      sync.take(channel);
    } else {
      channel.close();
    }
  }

  private void write(FileChannel channel, FileEntry entry, int index) throws IOException {
    Chunk chunk = entry.chunks().get(index);
    long position = positionOf(entry, index);
    buffer.clear().limit(chunk.length());
    reader.read(chunk, buffer);
    buffer.position(0).limit(chunk.length());
    if (!ZEROS.slice(0, chunk.length()).equals(buffer)) {
      while (buffer.hasRemaining()) {
        channel.write(buffer, position + buffer.position());
      }
    }
    written.accept(chunk.length());
  }

  /// Where in its file a chunk belongs; `OBJECT_DAMAGED` where it does not fit there.
  public static long positionOf(FileEntry entry, int index) {
    int length = entry.chunks().get(index).length();
    long position = (long) index * SnapshotWriter.CHUNK_BYTES;
    if (length > SnapshotWriter.CHUNK_BYTES || position + length > entry.size()) {
      throw new ChrysalisException(
          VaultErrors.OBJECT_DAMAGED,
          "the snapshot's chunks do not fit the size of " + entry.path(),
          "choose another snapshot");
    }
    return position;
  }

  private static void end(Target target) throws IOException {
    Path temporary = temporary(target.file);
    target.files.setMode(temporary, target.entry.mode());
    if (!target.held) {
      Files.move(temporary, target.file, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
