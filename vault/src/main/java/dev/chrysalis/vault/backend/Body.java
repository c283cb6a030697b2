package dev.chrysalis.vault.backend;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/// The bytes of an object to be created; can be opened again, so that a create can be retried. A
/// stream with fewer bytes than `length` fails the create; what it has beyond is not read.
public interface Body {
  long length();

  InputStream open() throws IOException;

  /// A body of bytes in memory, which the caller must not change any more.
  static Body of(byte[] bytes) {
    return new BytesBody(ByteBuffer.wrap(bytes));
  }

  /// A body of the buffer's remaining bytes, which the caller must not change any more.
  static Body of(ByteBuffer bytes) {
    return new BytesBody(bytes.slice());
  }
}
