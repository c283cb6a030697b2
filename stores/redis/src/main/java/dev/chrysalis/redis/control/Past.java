package dev.chrysalis.redis.control;

import dev.chrysalis.redis.control.RestorePoints.CameUpEmpty;
import java.util.Optional;
import java.util.OptionalLong;

/// What the vault remembers of a store, which no server knows.
///
/// @param keysOfLate how many keys it had of late; empty where that is not known
/// @param cameUpEmpty when it came up empty although it had keys, and nobody has restored it since
public record Past(OptionalLong keysOfLate, Optional<CameUpEmpty> cameUpEmpty) {
  /// Nothing is remembered, or nothing can be read.
  public static final Past UNKNOWN = new Past(OptionalLong.empty(), Optional.empty());
}
