package dev.chrysalis.vault.backend;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultErrors;
import java.io.IOException;
import java.io.InputStream;

/// A stream that is opened again where it broke. For one thread.
final class ResumingStream extends InputStream {
  private final Reopening reopening;
  private final Attempts attempts;
  private final String what;
  private InputStream current;
  private boolean broken;
  private long done;

  ResumingStream(InputStream first, Reopening reopening, Attempts attempts, String what) {
    this.current = first;
    this.reopening = reopening;
    this.attempts = attempts;
    this.what = what;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    while (true) {
      try {
        reopenIfBroken();
        int got = current.read(into, offset, length);
        if (got > 0) {
          done += got;
          attempts.progressed();
        }
        return got;
      } catch (IOException e) {
        broken = true;
        awaitNext(
            new ChrysalisException(
                VaultErrors.UNREACHABLE,
                "reading " + what + " broke after " + done + " bytes: " + e.getMessage(),
                "check the connection to the vault",
                e));
      } catch (ChrysalisException e) {
        awaitNext(e);
      }
    }
  }

  private void reopenIfBroken() throws IOException {
    if (broken) {
      closeBroken();
      current = reopening.after(done);
      broken = false;
    }
  }

  private void closeBroken() {
    try {
      current.close();
    } catch (IOException e) {
      // It is broken already, and that error is the one that counts.
    }
  }

  /// A stream's errors are `IOException`s, whatever was behind them.
  private void awaitNext(ChrysalisException failure) throws IOException {
    try {
      attempts.awaitNext(failure);
    } catch (ChrysalisException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public int available() throws IOException {
    return broken ? 0 : current.available();
  }

  @Override
  public void close() throws IOException {
    current.close();
  }

  /// Opens what comes after so many bytes.
  interface Reopening {
    InputStream after(long done);
  }
}
