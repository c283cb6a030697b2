package dev.chrysalis.vault.backend;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to go on trying.
///
/// @param first the longest wait after the first failure; it doubles with each further one
/// @param longest what a wait never exceeds
/// @param deadline no try begins later than this after the first failure
public record RetryPolicy(Duration first, Duration longest, Duration deadline) {
  public RetryPolicy {
    if (!first.isPositive() || longest.compareTo(first) < 0 || deadline.isNegative()) {
      throw new IllegalArgumentException(
          "not a policy: waits of " + first + " to " + longest + " until " + deadline);
    }
  }

  /// Waits from 0.2 s to 10 s, for 2 minutes in all: longer than an object store's usual hiccup,
  /// short enough for somebody who looks on.
  public static RetryPolicy standard() {
    return new RetryPolicy(Duration.ofMillis(200), Duration.ofSeconds(10), Duration.ofMinutes(2));
  }

  /// The wait after so many failures (1 or more): between half and all of the doubled time, so that
  /// many callers do not come back at once.
  Duration waitAfter(int failures, RandomGenerator random) {
    int doublings = Math.min(failures - 1, 30);
    long nanos = Math.min(longest.toNanos(), saturatedShift(first.toNanos(), doublings));
    return Duration.ofNanos(nanos / 2 + (long) (random.nextDouble() * (nanos / 2.0)));
  }

  private static long saturatedShift(long value, int bits) {
    return value > Long.MAX_VALUE >> bits ? Long.MAX_VALUE : value << bits;
  }
}
