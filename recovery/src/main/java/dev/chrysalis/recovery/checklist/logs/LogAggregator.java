package dev.chrysalis.recovery.checklist.logs;

import dev.chrysalis.recovery.checklist.http.Asked;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A server that gathers the lines of services. Whatever it does or answers is no exception. Safe
/// for many threads.
public interface LogAggregator {
  /// As people call it: `Loki`.
  String name();

  /// The time of a service's newest line; empty where there is none since that moment.
  Asked<Optional<Instant>> newest(String service, Instant since);

  /// How many lines of a service say ERROR, in the time up to now.
  Asked<Double> errors(String service, Duration time);
}
