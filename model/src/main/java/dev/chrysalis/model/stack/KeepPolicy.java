package dev.chrysalis.model.stack;

import java.time.Duration;

/// Which snapshots of a datastore are kept: the newest of each of so many hours, days, weeks and
/// months in which there are any, and everything that a restore to any moment within the restore
/// window needs.
///
/// @param within the restore window: to any moment of it can be restored
public record KeepPolicy(int hourly, int daily, int weekly, int monthly, Duration within) {
  /// What holds for keys that the stack file leaves out.
  public static final KeepPolicy DEFAULTS = new KeepPolicy(24, 7, 5, 12, Duration.ofDays(7));

  public KeepPolicy {
    if (hourly < 0 || daily < 0 || weekly < 0 || monthly < 0 || within.isNegative()) {
      throw new IllegalArgumentException("a policy keeps no negative number of snapshots");
    }
  }
}
