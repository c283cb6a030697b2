package dev.chrysalis.cli.command;

import dev.chrysalis.recovery.ProofAge;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// Keeps each kind of proof of each datastore from being tried more than once an hour: one that
/// could not be made, or that failed, would be due again at once. For one thread at a time.
final class ProofPace {
  private static final Duration AGAIN = Duration.ofHours(1);

  private final Map<Tried, Instant> tried = new HashMap<>();

  private record Tried(String store, ProofAge.Kind kind) {}

  /// Whether it may be tried now; then it counts as tried.
  boolean begins(String store, ProofAge.Kind kind, Instant now) {
    Instant last = tried.get(new Tried(store, kind));
    if (last != null && now.isBefore(last.plus(AGAIN))) {
      return false;
    }
    tried.put(new Tried(store, kind), now);
    return true;
  }
}
