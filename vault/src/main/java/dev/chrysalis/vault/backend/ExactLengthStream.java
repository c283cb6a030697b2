package dev.chrysalis.vault.backend;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// Hands out exactly the promised number of bytes of another stream: an end that comes too early is
/// an `EOFException` instead of a quiet end, and what comes after is not read. Reads at most 128
/// KiB at once, whatever the caller's buffer, so that no layer below makes a copy of that size.
public final class ExactLengthStream extends InputStream {
  private static final int READ_AT_ONCE = 128 * 1024;

  private final InputStream source;
  private final String what;
  private final long promised;
  private long left;

  /// @param what the object, for the message
  public ExactLengthStream(InputStream source, long length, String what) {
    this.source = source;
    this.what = what;
    this.promised = length;
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (left == 0) {
      return -1;
    }
    int wanted = (int) Math.min(Math.min(length, READ_AT_ONCE), left);
    int got = source.read(into, offset, wanted);
    if (got < 0) {
      throw new EOFException(
          what + " ended after " + (promised - left) + " of " + promised + " bytes");
    }
    left -= got;
    return got;
  }

  /// The bytes that are still to come.
  public long left() {
    return left;
  }

  @Override
  public int available() throws IOException {
    return (int) Math.min(left, source.available());
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
