package dev.chrysalis.postgres.agent.wal;

import java.time.Duration;

/// What a feeder feeds.
///
/// @param system the cluster's system identifier
/// @param timeline the recovery's target timeline; others than its history's give nothing
/// @param ahead how many segments are brought before they are wanted; bounds the spool's size
/// @param patience how long a request is remembered that nobody takes the answer of
public record FeederSettings(long system, int timeline, int ahead, Duration patience) {
  public FeederSettings {
    if (timeline < 1 || ahead < 0 || ahead > 64) {
      throw new IllegalArgumentException("timelines start at 1, 0 to 64 segments go ahead");
    }
  }

  public static FeederSettings of(long system, int timeline) {
    return new FeederSettings(system, timeline, 4, Duration.ofMinutes(15));
  }
}
