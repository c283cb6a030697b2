package dev.chrysalis.recovery.checklist.errors;

import java.time.Duration;

/// How many errors there were in a time.
///
/// @param by who counted them
public record Rate(double count, Duration time, String by) {
  public Rate {
    if (time.isZero() || time.isNegative() || count < 0) {
      throw new IllegalArgumentException("errors are counted over a time");
    }
  }

  public double perMinute() {
    return count * 60_000 / Math.max(1, time.toMillis());
  }
}
