package dev.chrysalis.engine;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// What the engine takes from outside: time and randomness.
///
/// @param clock the wall clock, for what people read
/// @param ticker monotonic time, for what is decided
/// @param random for nonces and names; safe for many threads
public record Surroundings(Clock clock, Ticker ticker, RandomGenerator random) {
  /// The real ones.
  public static Surroundings system() {
    return new Surroundings(Clock.systemUTC(), Ticker.system(), new SecureRandom());
  }

  String nonce() {
    return HexFormat.of().toHexDigits(random.nextLong());
  }
}
