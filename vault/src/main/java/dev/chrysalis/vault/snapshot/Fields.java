package dev.chrysalis.vault.snapshot;

import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Varints, strings and bytes as manifests hold them, written into memory.
final class Fields extends ByteArrayOutputStream {
  private static final int MOST_TEXT = 1 << 20;

  void number(long value) {
    long left = value;
    while ((left & ~0x7fL) != 0) {
      write((int) ((left & 0x7f) | 0x80));
      left >>>= 7;
    }
    write((int) left);
  }

  void signed(long value) {
    number((value << 1) ^ (value >> 63));
  }

  void text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    writeBytes(bytes);
  }

  static long number(DataInput in) throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte b = in.readByte();
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new IOException("a number has no end");
  }

  static long signed(DataInput in) throws IOException {
    long value = number(in);
    return (value >>> 1) ^ -(value & 1);
  }

  /// A number from 0 to the limit.
  static int small(DataInput in, int limit) throws IOException {
    long value = number(in);
    if (value < 0 || value > limit) {
      throw new IOException("a number is too large: " + value);
    }
    return (int) value;
  }

  static String text(DataInput in) throws IOException {
    byte[] bytes = new byte[small(in, MOST_TEXT)];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
