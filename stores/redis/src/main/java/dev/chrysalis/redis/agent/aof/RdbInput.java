package dev.chrysalis.redis.agent.aof;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import java.io.IOException;
import java.io.InputStream;

/// Hands out the bytes of an RDB stream, counts them and keeps their checksum. `RDB_DAMAGED` where
/// they end too early.
final class RdbInput {
  private static final int BUFFER = 64 * 1024;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private final Crc64 crc = new Crc64();
  private int at;
  private int summed;
  private int limit;
  private long before;

  RdbInput(InputStream in) {
    this.in = in;
  }

  long position() {
    return before + at;
  }

  /// The checksum of all bytes that were handed out.
  long checksum() {
    crc.update(buffer, summed, at);
    summed = at;
    return crc.value();
  }

  int next() {
    if (at == limit) {
      fill();
    }
    return buffer[at++] & 0xFF;
  }

  byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) next();
    }
    return bytes;
  }

  void skip(long count) {
    for (long left = count; left > 0; ) {
      if (at == limit) {
        fill();
      }
      int step = (int) Math.min(left, limit - at);
      at += step;
      left -= step;
    }
  }

  private void fill() {
    Object _ = checksum();
    before += limit;
    at = 0;
    summed = 0;
    limit = 0;
    try {
      limit = Math.max(0, in.read(buffer));
    } catch (IOException e) {
      throw new ChrysalisException(
          RedisErrors.AOF_UNREADABLE,
          "an RDB cannot be read: " + e.getMessage(),
          "look at the volume, and at the vault where it comes from there",
          e);
    }
    if (limit == 0) {
      throw damaged("it ends at byte " + before + ", before its end mark");
    }
  }

  ChrysalisException damaged(String what) {
    return new ChrysalisException(
        RedisErrors.RDB_DAMAGED,
        "this is no whole RDB: " + what,
        "look at the volume and at the server's log; take another base");
  }
}
