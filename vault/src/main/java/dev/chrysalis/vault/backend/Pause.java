package dev.chrysalis.vault.backend;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Waiting between two tries, so that tests need not wait.
@FunctionalInterface
public interface Pause {
  /// Returns when the time is over; throws at once when the thread is or gets interrupted.
  void take(Duration time) throws InterruptedException;

  /// Waits by the machine's own monotonic clock.
  static Pause parking() {
    return Pause::park;
  }

  private static void park(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while waiting to try again");
      }
    }
  }
}
