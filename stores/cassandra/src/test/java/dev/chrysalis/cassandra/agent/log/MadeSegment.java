package dev.chrysalis.cassandra.agent.log;

import dev.chrysalis.cassandra.archive.SegmentName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;

/// A segment's file as Cassandra writes it, with made-up content.
final class MadeSegment {
  static final int SIZE = 4096;

  private final SegmentName name;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  MadeSegment(long id) {
    name = new SegmentName(7, id);
    byte[] parameters = "{}".getBytes(StandardCharsets.UTF_8);
    CRC32 crc = new CRC32();
    update(crc, 7);
    update(crc, (int) id);
    update(crc, (int) (id >>> 32));
    update(crc, parameters.length);
    crc.update(parameters);
    bytes.writeBytes(
        ByteBuffer.allocate(14 + parameters.length + 4)
            .putInt(7)
            .putLong(id)
            .putShort((short) parameters.length)
            .put(parameters)
            .putInt((int) crc.getValue())
            .array());
  }

  SegmentName name() {
    return name;
  }

  /// Adds a section that is synced.
  MadeSegment synced(int length) {
    int place = bytes.size();
    CRC32 crc = new CRC32();
    update(crc, (int) name.id());
    update(crc, (int) (name.id() >>> 32));
    update(crc, place);
    bytes.writeBytes(
        ByteBuffer.allocate(8).putInt(place + 8 + length).putInt((int) crc.getValue()).array());
    bytes.writeBytes(new byte[length]);
    return this;
  }

  /// How much is synced.
  int length() {
    return bytes.size();
  }

  /// Writes it in full size, with zeros behind what is synced.
  MadeSegment in(Path folder) {
    try {
      byte[] all = new byte[SIZE];
      System.arraycopy(bytes.toByteArray(), 0, all, 0, bytes.size());
      Files.write(folder.resolve(name.toString()), all);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void update(CRC32 crc, int value) {
    crc.update(ByteBuffer.allocate(4).putInt(0, value));
  }
}
