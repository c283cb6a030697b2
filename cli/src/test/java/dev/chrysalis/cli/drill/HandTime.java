package dev.chrysalis.cli.drill;

import dev.chrysalis.engine.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// Time that passes at once when somebody waits, and a moment in which the world goes on.
final class HandTime extends Clock implements Ticker {
  static final Instant BEGIN = Instant.parse("2026-11-23T02:15:30Z");

  private Instant now = BEGIN;
  private Runnable world = () -> {};

  /// What happens whenever time has passed.
  void world(Runnable goesOn) {
    world = goesOn;
  }

  double secondsSinceBegin() {
    return Duration.between(BEGIN, now).toMillis() / 1000.0;
  }

  @Override
  public long nanos() {
    return Duration.between(BEGIN, now).toNanos();
  }

  @Override
  public void pause(Duration time) {
    now = now.plus(time);
    world.run();
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}
