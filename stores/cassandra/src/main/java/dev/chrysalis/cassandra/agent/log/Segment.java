package dev.chrysalis.cassandra.agent.log;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.archive.SegmentName;
import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32;

/// An open segment of a commit log. What the server has synced ends at the last valid sync marker:
///
/// 1. the head is version, id, parameters and a CRC-32 over them (`CommitLogDescriptor`);
/// 2. behind it, and behind each section, stands a marker: where the next one is, and the CRC-32 of
///    id and own place (`CommitLogSegment.writeSyncMarker`); zeros where nothing was synced yet;
/// 3. this is so for plain, compressed and encrypted segments alike.
///
/// The open file keeps its content when the server removes its name. For one thread at a time.
final class Segment implements AutoCloseable {
  private static final int FIXED_HEAD = 4 + 8 + 2;
  private static final int MARKER = 8;
  private static final int LONGEST_HEAD = 64 * 1024;

  private final SegmentName name;
  private final FileChannel channel;
  private final Path file;
  private long head;
  private long synced;

  private Segment(SegmentName name, Path file, FileChannel channel) {
    this.name = name;
    this.file = file;
    this.channel = channel;
  }

  /// Opens the file; empty where it has gone.
  static Optional<Segment> open(SegmentName name, Path file) {
    try {
      return Optional.of(new Segment(name, file, FileChannel.open(file, StandardOpenOption.READ)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  SegmentName name() {
    return name;
  }

  /// Up to where the file holds what the server has synced; 0 where not even its head is there.
  long synced() {
    try {
      if (head == 0 && !readHead()) {
        return 0;
      }
      long next = marker(synced);
      while (next > 0) {
        synced = next;
        next = marker(synced);
      }
      return synced;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /// Whether anything was synced behind the head.
  boolean isBegun() {
    return synced() > head;
  }

  /// Fills the buffer from a place on and turns it round for reading.
  void read(long from, ByteBuffer into) {
    try {
      while (into.hasRemaining()) {
        if (channel.read(into, from + into.position()) < 0) {
          throw new IOException("it became shorter");
        }
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    into.flip();
  }

  private boolean readHead() throws IOException {
    ByteBuffer fixed = at(0, FIXED_HEAD);
    if (fixed.remaining() < FIXED_HEAD) {
      return false;
    }
    int version = fixed.getInt();
    long id = fixed.getLong();
    int parameters = Short.toUnsignedInt(fixed.getShort());
    ByteBuffer rest = at(FIXED_HEAD, parameters + Integer.BYTES);
    if (parameters > LONGEST_HEAD || rest.remaining() < parameters + Integer.BYTES) {
      return false;
    }
    byte[] text = new byte[parameters];
    rest.get(text);
    CRC32 crc = new CRC32();
    update(crc, version);
    update(crc, (int) id);
    update(crc, (int) (id >>> Integer.SIZE));
    update(crc, parameters);
    crc.update(text);
    if ((int) crc.getValue() != rest.getInt() || id != name.id()) {
      return false;
    }
    head = (long) FIXED_HEAD + parameters + Integer.BYTES;
    synced = head;
    return true;
  }

  /// Where the marker at this place points to; 0 where there is none that is valid.
  private long marker(long place) throws IOException {
    ByteBuffer bytes = at(place, MARKER);
    if (bytes.remaining() < MARKER) {
      return 0;
    }
    int next = bytes.getInt();
    int said = bytes.getInt();
    CRC32 crc = new CRC32();
    update(crc, (int) name.id());
    update(crc, (int) (name.id() >>> Integer.SIZE));
    update(crc, (int) place);
    boolean valid = said == (int) crc.getValue() && next > place && next <= channel.size();
    return valid ? next : 0;
  }

  private ByteBuffer at(long place, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    int got = 0;
    while (bytes.hasRemaining() && got >= 0) {
      got = channel.read(bytes, place + bytes.position());
    }
    return bytes.flip();
  }

  private static void update(CRC32 crc, int value) {
    crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, value));
  }

  static ChrysalisException unreadable(Path file, IOException e) {
    return new ChrysalisException(
        CassandraErrors.LOG_UNREADABLE,
        "cannot read " + file + ": " + e,
        "look at the volume of the commit log and at the agent's rights on it",
        e);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It was only read.
    }
  }
}
