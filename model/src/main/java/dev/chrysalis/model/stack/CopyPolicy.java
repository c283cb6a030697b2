package dev.chrysalis.model.stack;

import java.time.Duration;

/// That a second copy of the vault is kept at another place, which may be all that is left.
///
/// @param location as the vault's own
/// @param every how often it is brought up to date
public record CopyPolicy(String location, Duration every) {
  public CopyPolicy {
    if (location.isBlank()) {
      throw new IllegalArgumentException("a copy has a place");
    }
    if (!every.isPositive()) {
      throw new IllegalArgumentException("a copy is brought up to date again and again");
    }
  }
}
