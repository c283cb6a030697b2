package dev.chrysalis.lab.ledger;

import java.time.Instant;
import java.util.Optional;

/// The moments that decide which writes had to survive.
///
/// @param disaster when the damage was done
/// @param target the moment that the store was brought back to on purpose; empty when everything
///   was to be kept
/// @param clientsCutOff from when on no client could reach the store of before: what was sent later
///   and acknowledged is in the recovered store
public record Incident(Instant disaster, Optional<Instant> target, Instant clientsCutOff) {
  public Incident {
    if (clientsCutOff.isBefore(disaster)) {
      throw new IllegalArgumentException("clients are cut off after the disaster");
    }
  }

  /// An incident whose recovery was to keep everything.
  public static Incident of(Instant disaster, Instant clientsCutOff) {
    return new Incident(disaster, Optional.empty(), clientsCutOff);
  }

  Fate fateOf(Write write) {
    if (target.isEmpty() || !write.attempted().isBefore(clientsCutOff)) {
      return Fate.MUST_STAY;
    }
    if (write.attempted().isAfter(target.get())) {
      return Fate.MUST_GO;
    }
    boolean across = write.acknowledgedAt().filter(at -> at.isAfter(target.get())).isPresent();
    return across ? Fate.EITHER : Fate.MUST_STAY;
  }

  /// What ought to become of an acknowledged write.
  enum Fate {
    MUST_STAY,
    MUST_GO,
    /// Sent before the target and acknowledged after it: when it was committed is not known.
    EITHER
  }
}
