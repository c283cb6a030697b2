package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.postgres.PostgresErrors;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The undo log of an in-place restore: records, each written before what it tells of is done, read
/// backwards to take the restore back.
///
/// A line that names the format, then for each record: its length (4 bytes), its CRC-32C (4), the
/// record, its length again (4). What a crash left behind the last whole record is cut off when the
/// log is opened: nothing that it tells of was done, because that waits for `force`.
final class UndoLog implements AutoCloseable {
  private static final byte[] HEADER = "chrysalis undo 1\n".getBytes(StandardCharsets.US_ASCII);

  /// Where the first record begins.
  static final long FIRST = HEADER.length;

  private static final int MOST_BYTES = 1 << 20;
  private static final int FRAME_BYTES = 12;

  private final Path file;
  private final FileChannel channel;
  private long end;

  private UndoLog(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /// Makes an empty log, durably; its directory must exist.
  static UndoLog create(Path file, PrivateFiles files) throws IOException {
    files.replace(file, HEADER);
    return open(file);
  }

  /// Opens a log to go on with it, or to read it. `UNDO_DAMAGED` where it is something else.
  static UndoLog open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    UndoLog log = new UndoLog(file, channel);
    try {
      log.findEnd();
      return log;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void findEnd() throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER.length);
    if (channel.size() < HEADER.length || !fill(header, 0).equals(ByteBuffer.wrap(HEADER))) {
      throw damaged("it does not begin as one", null);
    }
    end = FIRST;
    for (long next = behind(end); next > 0; next = behind(end)) {
      end = next;
    }
    truncate(end);
  }

  /// Where the record that begins there ends; 0 where there is no whole one.
  private long behind(long position) throws IOException {
    long left = channel.size() - position - FRAME_BYTES;
    if (left < 0) {
      return 0;
    }
    int length = fill(ByteBuffer.allocate(4), position).getInt();
    if (length < 1 || length > Math.min(left, MOST_BYTES)) {
      return 0;
    }
    ByteBuffer rest = fill(ByteBuffer.allocate(length + 8), position + 4);
    boolean whole =
        rest.getInt() == crc(rest.array(), 4, length) && rest.getInt(length + 4) == length;
    return whole ? position + length + FRAME_BYTES : 0;
  }

  /// Whether nothing is left to be undone.
  boolean isEmpty() {
    return end == FIRST;
  }

  /// Where the last record ends.
  long end() {
    return end;
  }

  /// Adds a record; durable after the next `force`.
  void append(UndoRecord entry) throws IOException {
    byte[] bytes = entry.encoded();
    if (bytes.length > MOST_BYTES) {
      throw new IllegalArgumentException("an undo record of " + bytes.length + " bytes");
    }
    ByteBuffer frame =
        ByteBuffer.allocate(bytes.length + FRAME_BYTES)
            .putInt(bytes.length)
            .putInt(crc(bytes, 0, bytes.length))
            .put(bytes)
            .putInt(bytes.length)
            .flip();
    long position = end;
    while (frame.hasRemaining()) {
      position += channel.write(frame, position);
    }
    end = position;
  }

  void force() throws IOException {
    channel.force(false);
  }

  /// A record and where it begins.
  record Found(UndoRecord entry, long begin) {}

  /// The record that ends there, which is the end of one.
  Found before(long position) throws IOException {
    int length = fill(ByteBuffer.allocate(4), position - 4).getInt();
    long begin = position - length - FRAME_BYTES;
    if (length < 1 || length > MOST_BYTES || begin < FIRST || behind(begin) != position) {
      throw damaged("the record that ends at " + position + " is not whole", null);
    }
    try {
      return new Found(
          UndoRecord.decode(fill(ByteBuffer.allocate(length), begin + 8).array()), begin);
    } catch (IOException e) {
      throw damaged("the record at " + begin + " cannot be read", e);
    }
  }

  /// Whether no record stands before it.
  boolean isFirst(Found found) {
    return found.begin == FIRST;
  }

  /// Forgets all records from there on, durably.
  void truncate(long position) throws IOException {
    if (channel.size() > position) {
      channel.truncate(position);
      channel.force(true);
    }
    end = position;
  }

  private ByteBuffer fill(ByteBuffer buffer, long position) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new EOFException(file + " ends early");
      }
    }
    return buffer.flip();
  }

  private static int crc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  private ChrysalisException damaged(String why, @Nullable Throwable e) {
    return new ChrysalisException(
        PostgresErrors.UNDO_DAMAGED,
        file + " is no whole undo log: " + why,
        "do not start the server; repeat the restore to its end, or restore into an empty directory",
        e);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
