package dev.chrysalis.recovery.notice;

import java.time.Duration;

/// How long a notice is tried again.
///
/// @param attempts how often at most
/// @param first how long the first pause is; each is twice the one before
/// @param longest of a pause, also where a receiver asks for a longer one
record Insistence(int attempts, Duration first, Duration longest) {
  static final Insistence USUAL = new Insistence(6, Duration.ofSeconds(1), Duration.ofSeconds(30));

  Insistence {
    if (attempts < 1 || first.isNegative() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException("no such insistence");
    }
  }

  /// How long to pause after that many attempts.
  Duration pause(int after, Answer.Later answer) {
    Duration own = first.multipliedBy(1L << Math.min(after - 1, 20));
    Duration asked = answer.afterOrNone().filter(d -> d.compareTo(own) > 0).orElse(own);
    return asked.compareTo(longest) > 0 ? longest : asked;
  }
}
