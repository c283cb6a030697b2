package dev.chrysalis.lab.ledger;

import java.time.Instant;
import java.util.Optional;

/// One write of the load.
///
/// @param attempted when it was about to be sent
/// @param acknowledgedAt when the answer came that it is committed; empty while none came
public record Write(long id, String value, Instant attempted, Optional<Instant> acknowledgedAt) {
  public Write {
    if (id < 1 || value.isEmpty()) {
      throw new IllegalArgumentException("a write has a positive id and a value: " + id);
    }
  }

  boolean acknowledged() {
    return acknowledgedAt.isPresent();
  }

  Write acknowledged(Instant at) {
    return new Write(id, value, attempted, Optional.of(at));
  }
}
