package dev.chrysalis.vault.backend;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;

/// A body that lies in memory.
record BytesBody(ByteBuffer bytes) implements Body {
  @Override
  public long length() {
    return bytes.remaining();
  }

  @Override
  public InputStream open() {
    if (bytes.hasArray()) {
      return new ByteArrayInputStream(
          bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return new ByteArrayInputStream(copy);
  }
}
