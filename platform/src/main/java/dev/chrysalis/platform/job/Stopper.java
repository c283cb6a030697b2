package dev.chrysalis.platform.job;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Tells the parts of a long-lived program that it ends, also while they wait. Safe for threads.
public final class Stopper {
  private final CountDownLatch stopped = new CountDownLatch(1);

  public void stop() {
    stopped.countDown();
  }

  public boolean isStopped() {
    return stopped.getCount() == 0;
  }

  /// Waits for the end, at most so long; an interrupt is an end too.
  public boolean awaitStop(Duration atMost) {
    try {
      return stopped.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      stop();
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
