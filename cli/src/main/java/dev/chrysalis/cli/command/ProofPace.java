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

  /// Whether it may be tried now.
  boolean allows(String store, ProofAge.Kind kind, Instant now) {
    Instant last = tried.get(new Tried(store, kind));
    return last == null || !now.isBefore(last.plus(AGAIN));
  }

  /// It was tried, and that has ended.
  void tried(String store, ProofAge.Kind kind, Instant ended) {
    tried.put(new Tried(store, kind), ended);
  }
}
