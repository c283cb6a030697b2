package dev.chrysalis.engine;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Monotonic time, and waiting for it to pass. Safe for many threads.
public interface Ticker {
  /// Nanoseconds since some moment; never goes back.
  long nanos();

  /// Waits until the time has passed.
  void pause(Duration time) throws InterruptedException;

  /// This machine's own.
  static Ticker system() {
    return new Ticker() {
      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public void pause(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
          if (Thread.interrupted()) {
            throw new InterruptedException();
          }
          LockSupport.parkNanos(this, left);
        }
      }
    };
  }
}
