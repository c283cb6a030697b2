package dev.chrysalis.lab;

import dev.chrysalis.model.ChrysalisException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for a condition of the lab.
final class Waiting {
  private static final long POLL_NANOS = 50_000_000;

  private Waiting() {}

  /// Returns when the condition holds; after that time it is an error that says what was seen.
  static void until(BooleanSupplier holds, Duration atMost, Supplier<String> seen) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new ChrysalisException(
            LabErrors.NOT_READY,
            "the lab is not ready after %d s: %s".formatted(atMost.toSeconds(), seen.get()),
            "see the logs in the lab's folder platform/logs, then remove it (chrysalis lab down)");
      }
      LockSupport.parkNanos(POLL_NANOS);
      if (Thread.currentThread().isInterrupted()) {
        throw new ChrysalisException(
            LabErrors.INTERRUPTED, "interrupted while waiting for the lab", "run it again");
      }
    }
  }
}
