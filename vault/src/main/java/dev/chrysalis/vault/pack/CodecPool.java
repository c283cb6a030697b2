package dev.chrysalis.vault.pack;

import dev.chrysalis.vault.seal.KeyRing;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/// Lends codecs, one to each caller at a time, and keeps them for the next. Safe for many threads.
public final class CodecPool implements AutoCloseable {
  private final KeyRing keys;
  private final int level;
  private final ConcurrentLinkedQueue<ChunkCodec> idle = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  public CodecPool(KeyRing keys, int level) {
    this.keys = keys;
    this.level = level;
  }

  KeyRing keys() {
    return keys;
  }

  <T> T lend(Function<ChunkCodec, T> work) {
    ChunkCodec found = idle.poll();
    ChunkCodec codec = found == null ? new ChunkCodec(keys, level) : found;
    try {
      return work.apply(codec);
    } finally {
      idle.add(codec);
      if (closed) {
        close();
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    for (ChunkCodec codec = idle.poll(); codec != null; codec = idle.poll()) {
      codec.close();
    }
  }
}
