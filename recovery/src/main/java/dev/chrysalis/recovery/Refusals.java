package dev.chrysalis.recovery;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import java.util.List;

/// Why no plan is made.
public final class Refusals {
  private Refusals() {}

  /// More than one member takes writes.
  public static ChrysalisException splitBrain(List<MemberId> leaders) {
    return needsAPerson("more than one member takes writes: " + leaders);
  }

  /// Too little is known.
  public static ChrysalisException unclear(String why) {
    return needsAPerson("too little is known to act on: " + why);
  }

  /// The scenario that was asked for is not what was found.
  public static ChrysalisException doesNotFit(String asked, String found) {
    return new ChrysalisException(
        RecoveryErrors.SCENARIO_DOES_NOT_FIT,
        "the scenario " + asked + " does not fit what was found: " + found,
        "let it be found: chrysalis recover");
  }

  /// What was found cannot be mended by a plan.
  public static ChrysalisException byAPerson(String found) {
    return needsAPerson("no plan mends this: " + found);
  }

  private static ChrysalisException needsAPerson(String what) {
    return new ChrysalisException(
        RecoveryErrors.NEEDS_A_PERSON,
        what,
        "no plan is made without a person's word; look at chrysalis assess -o json");
  }
}
