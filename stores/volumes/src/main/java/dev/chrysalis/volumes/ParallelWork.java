package dev.chrysalis.volumes;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Items worked off by several threads, with few of them waiting, so that memory stays bounded
/// however many there are. Each worker is used by one thread at a time and may keep buffers. After
/// the first failure no further item is begun; `submit` and `finish` throw that failure.
///
/// The work is compression, hashing and file access, which keeps a core busy: platform threads.
public final class ParallelWork<T> implements AutoCloseable {
  private static final int WAITING_PER_THREAD = 16;
  private static final ThreadFactory THREADS =
      Thread.ofPlatform().daemon().name("chrysalis-copy-", 0).factory();

  private final ExecutorService executor;
  private final BlockingQueue<Consumer<T>> idle;
  private final Semaphore room;
  private final int places;
  private final ErrorCode interrupted;
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();

  /// @param interrupted the error of a copy that was interrupted
  /// @param workers makes one worker for each thread
  public ParallelWork(int threads, ErrorCode interrupted, Supplier<Consumer<T>> workers) {
    this.interrupted = interrupted;
    executor = Executors.newFixedThreadPool(threads, THREADS);
    idle = new ArrayBlockingQueue<>(threads);
    for (int i = 0; i < threads; i++) {
      idle.add(workers.get());
    }
    places = threads * WAITING_PER_THREAD;
    room = new Semaphore(places);
  }

  /// Hands an item over; waits while too many are waiting already.
  public void submit(T item) {
    acquire(1);
    executor.execute(() -> work(item));
  }

  /// Waits until all items are done.
  public void finish() {
    acquire(places);
    room.release(places);
  }

  /// Begins no further item and waits for those that are being worked on.
  @Override
  public void close() {
    failure.compareAndSet(null, interrupted());
    executor.close();
  }

  private void work(T item) {
    try {
      if (failure.get() == null) {
        Consumer<T> worker = idle.take();
        try {
          worker.accept(item);
        } finally {
          idle.add(worker);
        }
      }
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure.compareAndSet(null, interrupted());
    } catch (Error e) {
      failure.compareAndSet(null, new IllegalStateException("a copying thread died", e));
    } finally {
      room.release();
    }
  }

  private void acquire(int permits) {
    try {
      room.acquire(permits);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted();
    }
    RuntimeException first = failure.get();
    if (first != null) {
      room.release(permits);
      throw first;
    }
  }

  private ChrysalisException interrupted() {
    return new ChrysalisException(interrupted, "the copy was interrupted", "start it again");
  }
}
