package dev.chrysalis.vault;

import java.time.Instant;
import java.util.Map;

/// A sealed piece of a log: the bytes (or records) of positions `from` to `to`, `to` excluded.
///
/// @param sealedAt when the writer sealed it, by the writer's clock
/// @param facts what the writer says of it; short, no secrets
public record LogPiece(long from, long to, Instant sealedAt, Map<String, String> facts) {
  public LogPiece {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException("an empty or backward piece: " + from + " to " + to);
    }
    facts = Map.copyOf(facts);
  }
}
