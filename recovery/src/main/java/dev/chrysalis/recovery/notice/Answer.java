package dev.chrysalis.recovery.notice;

import java.time.Duration;
import java.util.Optional;

/// What became of one attempt to tell something. Its words hold no secret: no address, no key, no
/// text of the receiver's.
sealed interface Answer {
  /// In words, for the timeline.
  String words();

  record Delivered(String words) implements Answer {}

  /// It may work later.
  ///
  /// @param afterOrNone when the receiver wants to be asked again
  record Later(String words, Optional<Duration> afterOrNone) implements Answer {
    static Later because(String words) {
      return new Later(words, Optional.empty());
    }
  }

  /// It will not work however often it is tried.
  record Refused(String words) implements Answer {}
}
