package dev.chrysalis.engine;

import java.time.Duration;

/// How often the runner looks.
///
/// @param first the time between the first two probes of a step; it grows by half each time
/// @param most the longest time between two probes
/// @param decisions how often the journal is read for what people decided meanwhile
public record Pace(Duration first, Duration most, Duration decisions) {
  public static final Pace DEFAULT =
      new Pace(Duration.ofMillis(250), Duration.ofSeconds(2), Duration.ofSeconds(2));

  Duration next(Duration before) {
    Duration longer = before.multipliedBy(3).dividedBy(2);
    return longer.compareTo(most) > 0 ? most : longer;
  }
}
