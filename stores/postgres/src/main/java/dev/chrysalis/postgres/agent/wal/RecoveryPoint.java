package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.postgres.Lsn;
import java.time.Duration;
import java.time.Instant;

/// How far the vault's newest copy of a store's log reaches.
///
/// @param asOf everything committed up to then is covered, by the database server's clock
public record RecoveryPoint(long system, int timeline, Lsn covered, Instant asOf) {
  /// How far it lags behind; never negative.
  public Duration age(Instant now) {
    Duration age = Duration.between(asOf, now);
    return age.isNegative() ? Duration.ZERO : age;
  }
}
