package dev.chrysalis.vault.backend;

import java.io.IOException;
import java.io.InputStream;

/// A body opened for a create: exactly `length()` bytes, and its own failures told apart from those
/// of the place that it is written to.
public final class BodyStream extends InputStream {
  private final InputStream source;

  private BodyStream(InputStream source) {
    this.source = source;
  }

  /// Opens the body from its beginning; throws `Failed` when that fails.
  public static BodyStream open(Body body) throws Failed {
    try {
      return new BodyStream(new ExactLengthStream(body.open(), body.length(), "the body"));
    } catch (IOException e) {
      throw new Failed(e);
    }
  }

  @Override
  public int read() throws IOException {
    try {
      return source.read();
    } catch (IOException e) {
      throw new Failed(e);
    }
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    try {
      return source.read(into, offset, length);
    } catch (IOException e) {
      throw new Failed(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      source.close();
    } catch (IOException e) {
      throw new Failed(e);
    }
  }

  /// The body could not be read, or was shorter than it said.
  public static final class Failed extends IOException {
    private static final long serialVersionUID = 1L;

    Failed(IOException cause) {
      super("the body could not be read: " + cause.getMessage(), cause);
    }
  }
}
