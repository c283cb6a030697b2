package dev.chrysalis.vault.backend;

import java.io.IOException;
import java.io.InputStream;

/// A body of any size that needs no memory: its bytes follow from their position and a seed.
public record PatternBody(long length, int seed) implements Body {
  /// The byte at a position.
  public static byte at(long position, int seed) {
    long mixed = (position + seed) * 0x9E3779B97F4A7C15L;
    return (byte) (mixed >>> 56);
  }

  @Override
  public InputStream open() {
    return new Pattern(length, seed);
  }

  /// The same body, whose stream fails after so many bytes.
  public Body failingAfter(long bytes) {
    return new Failing(this, bytes);
  }

  private record Failing(PatternBody whole, long bytes) implements Body {
    @Override
    public long length() {
      return whole.length();
    }

    @Override
    public InputStream open() {
      return SpoiltStream.breaking(whole.open(), bytes);
    }
  }

  private static final class Pattern extends InputStream {
    private final long length;
    private final int seed;
    private long position;

    Pattern(long length, int seed) {
      this.length = length;
      this.seed = seed;
    }

    @Override
    public int read() throws IOException {
      return position == length ? -1 : at(position++, seed) & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int wanted) {
      if (position == length) {
        return -1;
      }
      int count = (int) Math.min(wanted, length - position);
      for (int i = 0; i < count; i++) {
        into[offset + i] = at(position + i, seed);
      }
      position += count;
      return count;
    }
  }
}
