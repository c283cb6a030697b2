package dev.chrysalis.cli.drill;

import java.util.LinkedHashMap;
import java.util.Map;

/// How a disaster was recovered from.
///
/// @param fault what was done, as `lab break` calls it
/// @param scenario what it was found to be
/// @param recoveryTimeSeconds from the disaster to the first write acknowledged after clients
///   returned, with the expected values read back; -1 where that was not reached: then nothing is
///   known of the writes either, and their numbers and the data loss are -1 as well
/// @param acknowledged writes acknowledged so far, by the ledger
/// @param lost acknowledged writes that should be there and are not, or hold another value
/// @param discardedByTarget acknowledged writes after the moment that was gone back to
/// @param survivedPastTarget writes after that moment that are still there, and should not be
/// @param verified whether the run ended well, its checklist included, and the values were compared
/// @param report the page about the run
public record Score(
    String fault,
    String scenario,
    double recoveryTimeSeconds,
    double objectiveSeconds,
    long acknowledged,
    long lost,
    long discardedByTarget,
    long survivedPastTarget,
    long unacknowledgedPresent,
    double dataLossSeconds,
    boolean verified,
    String report) {
  private static final int UNKNOWN = -1;

  /// For a disaster after which clients did not return, or the values were not read back.
  static Score unmeasured(String fault, String scenario, double objectiveSeconds, String report) {
    return new Score(
        fault,
        scenario,
        UNKNOWN,
        objectiveSeconds,
        UNKNOWN,
        UNKNOWN,
        UNKNOWN,
        UNKNOWN,
        UNKNOWN,
        UNKNOWN,
        false,
        report);
  }

  /// Whether clients returned and the values were read back.
  boolean measured() {
    return recoveryTimeSeconds >= 0;
  }

  /// The same as texts, for the report of the run; what is not known is left out.
  Map<String, String> facts() {
    if (!measured()) {
      return Map.of(
          "recovery time", "unknown: clients did not return, or the values were not read back");
    }
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("recovery time", "%.1f s".formatted(recoveryTimeSeconds));
    facts.put("writes acknowledged", Long.toString(acknowledged));
    facts.put("acknowledged writes lost", Long.toString(lost));
    facts.put("writes left out on purpose", Long.toString(discardedByTarget));
    facts.put("writes that survived past the target", Long.toString(survivedPastTarget));
    facts.put("data loss", "%.1f s".formatted(dataLossSeconds));
    return facts;
  }
}
