package dev.chrysalis.redis.agent.aof;

import java.io.InputStream;
import java.nio.ByteBuffer;

/// Checks an RDB while it is copied: by its checksum, without understanding it, so that a newer
/// server's passes too. Where the checksum is not at the content's end (commands follow there) the
/// content is walked through instead. For one thread.
public final class RdbCheck {
  private static final int END = 0xFF;

  private final Crc64 crc = new Crc64();
  private final byte[] last = new byte[Long.BYTES];
  private final long length;
  private long at;
  private int endMark;

  /// @param length of the whole content
  public RdbCheck(long length) {
    this.length = length;
  }

  /// Takes the next bytes (from position to limit, left as they are).
  public void feed(ByteBuffer bytes) {
    byte[] array = bytes.array();
    int from = bytes.arrayOffset() + bytes.position();
    int count = bytes.remaining();
    int summed = Math.clamp(length - Long.BYTES - at, 0, count);
    if (summed > 0) {
      crc.update(array, from, from + summed);
      endMark = array[from + summed - 1] & 0xFF;
    }
    for (int i = summed; i < count; i++) {
      last[(int) (at + i - (length - Long.BYTES))] = array[from + i];
    }
    at += count;
  }

  /// `RDB_DAMAGED` where the content is no whole RDB.
  ///
  /// @param content the same content again, to be walked through where the checksum does not do
  public void require(InputStream content) {
    if (!isWhole()) {
      RdbWalker.Found _ = RdbWalker.walk(content);
    }
  }

  /// Whether its checksum has proved it whole already: then `require` reads nothing.
  public boolean isWhole() {
    long said = Crc64.littleEndian(last, 0);
    return length > 2 * Long.BYTES && endMark == END && said == crc.value();
  }
}
