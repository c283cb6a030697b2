package dev.chrysalis.redis.agent.aof;

/// The checksum of RDB files: CRC-64 of Jones, reflected, eight bytes a step.
public final class Crc64 {
  private static final long POLYNOMIAL = Long.reverse(0xad93d23594c935a9L);
  private static final long[][] TABLES = tables();

  private long value;

  private static long[][] tables() {
    long[][] tables = new long[8][256];
    for (int i = 0; i < 256; i++) {
      long crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) != 0 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
      }
      tables[0][i] = crc;
    }
    for (int i = 0; i < 256; i++) {
      for (int step = 1; step < 8; step++) {
        long before = tables[step - 1][i];
        tables[step][i] = tables[0][(int) before & 0xFF] ^ (before >>> 8);
      }
    }
    return tables;
  }

  public void update(byte[] bytes, int from, int to) {
    long crc = value;
    int at = from;
    for (; at + 8 <= to; at += 8) {
      crc ^= littleEndian(bytes, at);
      long next = 0;
      for (int i = 0; i < 8; i++) {
        next ^= TABLES[7 - i][(int) (crc >>> (8 * i)) & 0xFF];
      }
      crc = next;
    }
    for (; at < to; at++) {
      crc = TABLES[0][(int) (crc ^ bytes[at]) & 0xFF] ^ (crc >>> 8);
    }
    value = crc;
  }

  public long value() {
    return value;
  }

  public static long littleEndian(byte[] bytes, int at) {
    long number = 0;
    for (int i = 7; i >= 0; i--) {
      number = number << 8 | (bytes[at + i] & 0xFF);
    }
    return number;
  }
}
