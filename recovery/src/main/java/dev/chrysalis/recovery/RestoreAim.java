package dev.chrysalis.recovery;

import dev.chrysalis.postgres.RestoreGoal;
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
}
