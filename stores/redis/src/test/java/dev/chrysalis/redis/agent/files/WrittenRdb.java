package dev.chrysalis.redis.agent.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.redis.agent.aof.Crc64;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/// An RDB file as a server of some release writes it, made by hand.
final class WrittenRdb {
  private static final int VALUE_BYTES = 10_000;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private WrittenRdb() {}

  /// With keys `k:0`, `k:1`, … of ten thousand bytes each that do not compress.
  static byte[] of(String format, String version, int keys) {
    WrittenRdb rdb = new WrittenRdb();
    rdb.out.writeBytes(("REDIS" + format).getBytes(UTF_8));
    rdb.out.write(0xFA);
    rdb.string("redis-ver".getBytes(UTF_8));
    rdb.string(version.getBytes(UTF_8));
    rdb.out.writeBytes(new byte[] {(byte) 0xFE, 0});
    Random random = new Random(7);
    for (int i = 0; i < keys; i++) {
      byte[] value = new byte[VALUE_BYTES];
      random.nextBytes(value);
      rdb.out.write(0);
      rdb.string(("k:" + i).getBytes(UTF_8));
      rdb.string(value);
    }
    rdb.out.write(0xFF);
    Crc64 crc = new Crc64();
    byte[] all = rdb.out.toByteArray();
    crc.update(all, 0, all.length);
    rdb.out.writeBytes(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(crc.value()).array());
    return rdb.out.toByteArray();
  }

  private void string(byte[] bytes) {
    if (bytes.length < 64) {
      out.write(bytes.length);
    } else {
      out.write(0x80);
      out.writeBytes(ByteBuffer.allocate(4).putInt(bytes.length).array());
    }
    out.writeBytes(bytes);
  }
}
