package dev.chrysalis.vault.proof;

/// Chooses a part of many things by their names: always the same part for the same seed, another
/// one for another, and about the fraction of them.
///
/// @param fraction from 0 (none) to 1 (all)
public record Sample(double fraction, long seed) {
  public Sample {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("not a fraction from 0 to 1: " + fraction);
    }
  }

  public static Sample all() {
    return new Sample(1, 0);
  }

  public boolean takes(String name) {
    if (fraction == 1 || fraction == 0) {
      return fraction == 1;
    }
    long hash = seed;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 32)) * 0x9e3779b97f4a7c15L;
    return ((hash ^ (hash >>> 29)) >>> 11) * 0x1p-53 < fraction;
  }
}
