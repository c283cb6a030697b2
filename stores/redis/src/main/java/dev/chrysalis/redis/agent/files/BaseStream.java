package dev.chrysalis.redis.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.vault.Chunk;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.VaultErrors;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A file of a snapshot from its first byte to its last. Chunks that come next are read and
/// unsealed meanwhile, by as many threads as there are cores. Memory: 512 KiB a core.
final class BaseStream extends InputStream {
  private final SnapshotReader reader;
  private final Iterator<Chunk> chunks;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Future<ByteBuffer>> coming = new ArrayDeque<>();
  private final int ahead = 2 * Runtime.getRuntime().availableProcessors();
  private ByteBuffer current = ByteBuffer.allocate(0);

  BaseStream(SnapshotReader reader, FileEntry file) {
    this.reader = reader;
    this.chunks = file.chunks().iterator();
    long bytes = file.chunks().stream().mapToLong(Chunk::length).sum();
    if (bytes != file.size()) {
      throw new ChrysalisException(
          VaultErrors.OBJECT_DAMAGED,
          "the snapshot's chunks do not fit the size of " + file.path(),
          "choose another snapshot");
    }
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    while (!current.hasRemaining()) {
      while (coming.size() < ahead && chunks.hasNext()) {
        Chunk next = chunks.next();
        coming.add(workers.submit(() -> read(next)));
      }
      Future<ByteBuffer> next = coming.poll();
      if (next == null) {
        return -1;
      }
      current = await(next);
    }
    int got = Math.min(length, current.remaining());
    current.get(into, offset, got);
    return got;
  }

  private ByteBuffer read(Chunk chunk) {
    ByteBuffer content = ByteBuffer.allocate(chunk.length());
    reader.read(chunk, content);
    return content.flip();
  }

  private static ByteBuffer await(Future<ByteBuffer> chunk) {
    try {
      return chunk.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ChrysalisException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChrysalisException(
          RedisErrors.INTERRUPTED,
          "interrupted while a base was read",
          "start it again: what is there is half restored, and no server starts on it",
          e);
    }
  }

  @Override
  public void close() {
    coming.forEach(chunk -> chunk.cancel(true));
    workers.close();
  }
}
