package dev.chrysalis.volumes;

import dev.chrysalis.platform.volume.VolumeTrouble;
import dev.chrysalis.vault.Chunk;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.SnapshotWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/// Copies the files of a running store into a snapshot, one after another. A file is read up to the
/// size that it has when it is opened. A file that shrinks is as long as what could be read; one
/// that has vanished is left out unless its store's check says that this must not be; for what
/// cannot be read the check may have zeros. One copier serves one thread and reuses its buffer.
public final class FileCopier implements Consumer<FoundFile> {
  private static final int BLOCK = 4096;

  private final SnapshotWriter writer;
  private final Check check;
  private final LongConsumer copied;
  private final VolumeTrouble trouble;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(SnapshotWriter.CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  /// @param copied is told the size of each piece
  /// @param trouble what an error on the volume is called
  public FileCopier(
      SnapshotWriter writer, Check check, LongConsumer copied, VolumeTrouble trouble) {
    this.writer = writer;
    this.check = check;
    this.copied = copied;
    this.trouble = trouble;
  }

  /// Looks at what is copied before it is stored. Used by one thread.
  public interface Check {
    /// The next piece of a file.
    ///
    /// @param content from 0 to its limit, little-endian; may be changed in place, not its bounds
    /// @param position where it begins in the file
    void piece(FoundFile file, FileChannel channel, ByteBuffer content, long position)
        throws IOException;

    /// The file has been read to its end, and is not in the snapshot yet.
    default void end(FoundFile file, long size) throws IOException {}

    /// A part of the file cannot be read. Returns whether zeros are to stand for it.
    default boolean unreadable(FoundFile file, int bytes, IOException why) {
      return false;
    }

    /// The file is not there any more. Returns where it may be left out.
    default void vanished(FoundFile file) {}

    /// Looks at nothing.
    static Check none() {
      return (_, _, _, _) -> {};
    }
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
      int got = fill(found, channel, position, end);
      while (got > 0) {
        check.piece(found, channel, buffer, position);
        chunks.add(writer.store(buffer));
        position += got;
        copied.accept(got);
        got = fill(found, channel, position, end);
      }
      check.end(found, position);
      writer.add(
          new FileEntry(
              found.path(), found.kind(), found.mode(), position, found.modified(), "", chunks));
    } catch (NoSuchFileException e) {
      check.vanished(found);
    } catch (IOException e) {
      throw trouble.of(
          "cannot read",
          found.file(),
          e,
          "look at the volume: a file that cannot be read cannot be backed up");
    }
  }

  private int fill(FoundFile found, FileChannel channel, long position, long end)
      throws IOException {
    int wanted = (int) Math.min(buffer.capacity(), end - position);
    buffer.clear().limit(wanted);
    try {
      read(channel, buffer, position);
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      buffer.clear().limit(wanted);
      readAround(found, channel, position);
    }
    buffer.flip();
    return buffer.limit();
  }

  /// What a disk cannot read is small mostly.
  private void readAround(FoundFile found, FileChannel channel, long position) throws IOException {
    int limit = buffer.limit();
    while (buffer.position() < limit) {
      int at = buffer.position();
      int length = Math.min(BLOCK, limit - at);
      buffer.limit(at + length);
      try {
        read(channel, buffer, position);
      } catch (ClosedChannelException e) {
        throw e;
      } catch (IOException e) {
        if (!check.unreadable(found, length, e)) {
          throw e;
        }
        buffer.position(at).put(new byte[length]);
      }
      if (buffer.hasRemaining()) {
        // The file has become shorter.
        return;
      }
    }
  }

  /// @param position of the buffer's first byte in the file
  private static void read(FileChannel channel, ByteBuffer buffer, long position)
      throws IOException {
    int got = 0;
    while (buffer.hasRemaining() && got >= 0) {
      got = channel.read(buffer, position + buffer.position());
    }
  }

  /// Stores what is in memory as a file.
  public void addBytes(FoundFile as, ByteBuffer content) {
    int size = content.remaining();
    List<Chunk> chunks = size == 0 ? List.of() : List.of(writer.store(content));
    writer.add(
        new FileEntry(as.path(), FileEntry.Kind.FILE, as.mode(), size, as.modified(), "", chunks));
  }
}
