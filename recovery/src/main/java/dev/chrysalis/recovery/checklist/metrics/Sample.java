package dev.chrysalis.recovery.checklist.metrics;

import java.util.Map;

/// One value of one series.
public record Sample(String name, Map<String, String> labels, double value) {
  public Sample {
    labels = Map.copyOf(labels);
  }

  Series series() {
    return new Series(name, labels);
  }

  /// What tells series apart.
  record Series(String name, Map<String, String> labels) {}
}
