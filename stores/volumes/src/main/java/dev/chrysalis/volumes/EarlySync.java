package dev.chrysalis.volumes;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Lets the disk begin while other files are still being filled: a thread of its own makes what was
/// written durable, piece by piece, so that little is left for the sync at the end, which is made
/// all the same.
///
/// Where the disk is slower than what fills the files, most pieces are passed over. A sync that
/// fails is never passed over: the kernel tells of a lost write only once (`fsync(2)`), so `finish`
/// throws it.
public final class EarlySync implements AutoCloseable {
  private static final int WAITING = 4;
  private static final long LOOK_MILLIS = 20;

  private final BlockingQueue<FileChannel> waiting = new ArrayBlockingQueue<>(WAITING);
  private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
  private final Runnable onFailure;
  private final Thread thread;
  private volatile boolean ending;

  /// @param onFailure told at once when a sync fails
  public EarlySync(Runnable onFailure) {
    this.onFailure = onFailure;
    thread = Thread.ofPlatform().daemon().name("chrysalis-sync").start(this::work);
  }

  /// Takes a channel over, and closes it, now or later.
  public void take(FileChannel written) throws IOException {
    if (ending || !waiting.offer(written)) {
      written.close();
    }
  }

  private void work() {
    try {
      while (!ending || !waiting.isEmpty()) {
        FileChannel next = waiting.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (next != null) {
          sync(next);
        }
      }
    } catch (InterruptedException _) {
      // Closed before its time: what waits is closed by `close`.
    }
  }

  private void sync(FileChannel written) {
    try (written) {
      written.force(false);
    } catch (ClosedByInterruptException _) {
      // Closed before its time; nothing was asked of the disk.
    } catch (IOException e) {
      failure.compareAndSet(null, e);
      onFailure.run();
    }
  }

  /// Waits for what is under way; the first failure.
  public void finish() throws IOException {
    ending = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    }
    IOException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  @Override
  public void close() throws IOException {
    ending = true;
    thread.interrupt();
    for (FileChannel left = waiting.poll(); left != null; left = waiting.poll()) {
      left.close();
    }
  }
}
