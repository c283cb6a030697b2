package dev.chrysalis.vault.seal;

import dev.chrysalis.vault.backend.Backend;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// The stored bytes of an object in order. A connection that breaks is opened again where it broke.
/// The first request fetches at most `firstRange` bytes, so that a look at an object's beginning
/// does not pay for the rest. For one thread at a time.
final class ObjectSource implements AutoCloseable {
  private static final int TRIES = 3;

  private final Backend backend;
  private final String key;
  private final long size;
  private final long firstRange;
  private long position;
  private long rangeEnd;
  private @Nullable InputStream stream;

  ObjectSource(Backend backend, String key, long size, long firstRange) {
    this.backend = backend;
    this.key = key;
    this.size = size;
    this.firstRange = firstRange;
  }

  /// A source of bytes that are here already.
  static ObjectSource fetched(Backend backend, String key, byte[] bytes) {
    ObjectSource source = new ObjectSource(backend, key, bytes.length, bytes.length);
    source.stream = new ByteArrayInputStream(bytes);
    source.rangeEnd = bytes.length;
    return source;
  }

  String key() {
    return key;
  }

  long remaining() {
    return size - position;
  }

  /// The next bytes, exactly so many; an object that has fewer is damaged.
  byte[] read(int length) {
    if (length > remaining()) {
      throw Damage.damaged(key, "it ends early, at byte " + size);
    }
    byte[] bytes = new byte[length];
    int done = 0;
    int tries = 0;
    while (done < length) {
      try {
        done += some(bytes, done);
      } catch (IOException e) {
        close();
        if (++tries == TRIES) {
          throw Damage.unreadable(key, e);
        }
      }
    }
    return bytes;
  }

  private int some(byte[] bytes, int done) throws IOException {
    InputStream from = stream;
    if (from == null || position == rangeEnd) {
      close();
      rangeEnd = position == 0 ? Math.min(size, firstRange) : size;
      from = backend.open(key, position, rangeEnd - position);
      stream = from;
    }
    int wanted = (int) Math.min(bytes.length - done, rangeEnd - position);
    int n = from.read(bytes, done, wanted);
    if (n < 0) {
      throw new IOException("the connection ended early");
    }
    position += n;
    return n;
  }

  @Override
  public void close() {
    InputStream open = stream;
    stream = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // What was read is whole or was thrown away; nothing depends on how the rest ends.
        rangeEnd = position;
      }
    }
  }
}
