package dev.chrysalis.recovery.checklist.errors;

import java.time.Instant;
import java.util.List;

/// How many errors services made at one moment at which the stack was well.
record Baseline(Instant at, List<Entry> entries) {
  Baseline {
    entries = List.copyOf(entries);
  }

  /// @param perMinute how many
  record Entry(String service, ErrorKind kind, double perMinute) {}
}
