package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.vault.Chunk;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.SnapshotWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/// Copies the files of a running cluster into a snapshot, one after another. A file is read up to
/// the size that it has when it is opened: what is added later, and whatever changes under the
/// copy's hands, the WAL brings back. A file that shrinks is as long as what could be read; one
/// that has vanished is left out. One copier serves one thread and reuses its buffer.
final class FileCopier implements Consumer<FoundFile> {
  private final SnapshotWriter writer;
  private final Optional<PageVerifier> verifier;
  private final LongConsumer copied;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(SnapshotWriter.CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  /// @param verifier of pages, where they carry checksums
  /// @param copied is told the size of each piece
  FileCopier(SnapshotWriter writer, Optional<PageVerifier> verifier, LongConsumer copied) {
    this.writer = writer;
    this.verifier = verifier;
    this.copied = copied;
  }

  @Override
  public void accept(FoundFile found) {
    switch (found.kind()) {
      case FILE -> copy(found);
      case DIRECTORY, LINK -> writer.add(found.withoutContent());
    }
  }

  private void copy(FoundFile found) {
    try (FileChannel channel = FileChannel.open(found.file())) {
      List<Chunk> chunks = new ArrayList<>();
      long end = channel.size();
      long position = 0;
      int got = fill(channel, position, end);
      while (got > 0) {
        verify(channel, found, position);
        chunks.add(writer.store(buffer));
        position += got;
        copied.accept(got);
        got = fill(channel, position, end);
      }
      writer.add(
          new FileEntry(
              found.path(), found.kind(), found.mode(), position, found.modified(), "", chunks));
    } catch (NoSuchFileException e) {
      // Dropped since the walk saw it. The WAL tells the restored server the same.
      return;
    } catch (IOException e) {
      throw new ChrysalisException(
          PostgresErrors.VOLUME_FAILED,
          "cannot read " + found.file() + ": " + e,
          "look at the volume: a file that cannot be read cannot be backed up",
          e);
    }
  }

  private int fill(FileChannel channel, long position, long end) throws IOException {
    buffer.clear().limit((int) Math.min(buffer.capacity(), end - position));
    int got = 0;
    while (buffer.hasRemaining() && got >= 0) {
      got = channel.read(buffer, position + buffer.position());
    }
    buffer.flip();
    return buffer.limit();
  }

  private void verify(FileChannel channel, FoundFile found, long position) throws IOException {
    if (found.relation() && verifier.isPresent()) {
      String name = String.valueOf(found.file().getFileName());
      int segment = SkippedFiles.relation(name).orElseThrow().segment();
      int firstBlock = segment * PageVerifier.PAGES_PER_SEGMENT;
      verifier.get().verify(channel, found.path(), buffer, position, firstBlock);
    }
  }

  /// Stores what is in memory as a file.
  void addBytes(FoundFile as, ByteBuffer content) {
    int size = content.remaining();
    List<Chunk> chunks = size == 0 ? List.of() : List.of(writer.store(content));
    writer.add(
        new FileEntry(as.path(), FileEntry.Kind.FILE, as.mode(), size, as.modified(), "", chunks));
  }
}
