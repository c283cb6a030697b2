package dev.chrysalis.recovery;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.RestoreGoal;
import java.time.Instant;
import java.util.Optional;

/// To which moment a person wants the data brought.
///
/// @param timeline the one on which the moment lies; empty for the newest
public record RestoreAim(RestoreGoal goal, Optional<Integer> timeline) {
  public RestoreAim {
    if (timeline.filter(t -> t < 1).isPresent()) {
      throw new IllegalArgumentException("timelines are numbered from 1");
    }
  }

  /// A moment on the newest timeline.
  public static RestoreAim of(RestoreGoal goal) {
    return new RestoreAim(goal, Optional.empty());
  }

  /// The moment that is meant; empty for the newest one. `TARGET_DOES_NOT_FIT` where the aim is one
  /// of PostgreSQL's own.
  ///
  /// @param datastore what is to be brought there
  public Optional<Instant> moment(String datastore) {
    return switch (goal) {
      case RestoreGoal.AtTime time -> Optional.of(time.moment());
      case RestoreGoal.Latest _ -> Optional.empty();
      case RestoreGoal.AtLsn _, RestoreGoal.AtTransaction _, RestoreGoal.AtName _ ->
          throw new ChrysalisException(
              RecoveryErrors.TARGET_DOES_NOT_FIT,
              datastore + " is brought back to a time, not to " + goal,
              "give --to a time with its zone: 2026-11-23T02:15:30Z");
    };
  }
}
