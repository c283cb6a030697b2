package dev.chrysalis.platform.job;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// How long a controller goes on asking for a job whose agent does not answer, and the clock by
/// which it counts; a test brings its own.
public interface Patience {
  /// How long no word may come from the agent before a job's fate is called unknown.
  Duration silence();

  /// A monotonic clock.
  long nanos();

  /// Waits that long, or until the thread is interrupted.
  void pause(Duration time);

  /// Patience by this machine's clock.
  static Patience of(Duration silence) {
    return new Patience() {
      @Override
      public Duration silence() {
        return silence;
      }

      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public void pause(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = until - System.nanoTime()) {
          if (Thread.currentThread().isInterrupted()) {
            return;
          }
          LockSupport.parkNanos(left);
        }
      }
    };
  }
}
