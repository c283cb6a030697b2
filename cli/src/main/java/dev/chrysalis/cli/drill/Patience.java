package dev.chrysalis.cli.drill;

import dev.chrysalis.engine.Ticker;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Waits, by a ticker.
record Patience(Ticker ticker) {
  private static final Duration PACE = Duration.ofMillis(200);

  /// Looks again and again until that holds, or that long. Returns whether it held.
  boolean until(BooleanSupplier holds, Duration atMost) {
    return until(holds::getAsBoolean, held -> held, atMost);
  }

  /// Looks again and again until what is seen is enough, or that long. Returns what was seen last.
  <T> T until(Supplier<T> look, Predicate<T> enough, Duration atMost) {
    long end = ticker.nanos() + atMost.toNanos();
    T seen = look.get();
    while (!enough.test(seen) && ticker.nanos() < end) {
      pass(PACE);
      seen = look.get();
    }
    return seen;
  }

  /// Lets that much time pass.
  void pass(Duration time) {
    try {
      ticker.pause(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
