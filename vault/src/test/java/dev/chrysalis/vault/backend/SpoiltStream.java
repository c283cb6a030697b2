package dev.chrysalis.vault.backend;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A stream that breaks, ends early, or has one bit wrong.
final class SpoiltStream extends FilterInputStream {
  private final long last;
  private final boolean breaks;
  private final long flipAt;
  private final int bit;
  private long position;

  private SpoiltStream(InputStream source, long last, boolean breaks, long flipAt, int bit) {
    super(source);
    this.last = last;
    this.breaks = breaks;
    this.flipAt = flipAt;
    this.bit = bit;
  }

  static SpoiltStream breaking(InputStream source, long after) {
    return new SpoiltStream(source, after, true, -1, 0);
  }

  static SpoiltStream ending(InputStream source, long after) {
    return new SpoiltStream(source, after, false, -1, 0);
  }

  static SpoiltStream flipping(InputStream source, long atByte, int bit) {
    return new SpoiltStream(source, Long.MAX_VALUE, false, atByte, bit);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (position == last) {
      if (breaks) {
        throw new IOException("injected: connection lost after " + last + " bytes");
      }
      return -1;
    }
    int got = super.read(into, offset, (int) Math.min(length, last - position));
    if (got > 0 && flipAt >= position && flipAt < position + got) {
      into[offset + (int) (flipAt - position)] ^= (byte) (1 << bit);
    }
    position += Math.max(got, 0);
    return got;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
