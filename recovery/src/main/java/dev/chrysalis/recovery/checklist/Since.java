package dev.chrysalis.recovery.checklist;

import java.time.Duration;
import java.time.Instant;

/// From which moments on a look at the checklist counts.
///
/// @param lines must be newer
/// @param samples of metrics must be newer
/// @param errors count; those of an outage do not
public record Since(Instant lines, Instant samples, Instant errors) {
  /// After a recovery errors that are older count no more, so that those of its first seconds do
  /// not fail the checklist for ever.
  private static final Duration NEW_ERRORS = Duration.ofMinutes(1);

  /// For a look that no recovery made.
  static Since ago(Duration time, Instant now) {
    return new Since(now.minus(time), Instant.EPOCH, now.minus(time));
  }

  /// For the end of a recovery.
  ///
  /// @param began when the recovery did
  /// @param verifying since when everything ought to be well
  static Since recovery(Instant began, Instant verifying, Instant now) {
    Instant recently = now.minus(NEW_ERRORS);
    return new Since(began, began, recently.isAfter(verifying) ? recently : verifying);
  }
}
