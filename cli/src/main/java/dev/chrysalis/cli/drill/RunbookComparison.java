package dev.chrysalis.cli.drill;

import java.util.List;

/// The same disaster twice: recovered by Chrysalis, and by the written runbook's commands.
///
/// @param runbookSeconds measured as that of Chrysalis; -1 where clients were not back in time
/// @param ratio how many times as long the runbook took; -1 where it did not bring clients back
/// @param capSeconds how long was waited for the runbook at most
/// @param lostByRunbook acknowledged writes that were lost by the runbook's way; -1 where unknown
/// @param wellAtEnd whether the lab was well after all of it, by a further recovery where needed
/// @param steps what was done by hand, and when
public record RunbookComparison(
    String section,
    double chrysalisSeconds,
    double runbookSeconds,
    double ratio,
    double capSeconds,
    long lostByRunbook,
    boolean wellAtEnd,
    List<ByHand.Done> steps) {
  private static final String ALL_DOWN = "All Services Down";

  public RunbookComparison {
    steps = List.copyOf(steps);
  }

  static RunbookComparison of(double chrysalisSeconds, ByHand hand, boolean wellAtEnd) {
    return new RunbookComparison(
        ALL_DOWN,
        chrysalisSeconds,
        hand.recoveryTimeSeconds(),
        hand.back() ? hand.recoveryTimeSeconds() / chrysalisSeconds : -1,
        hand.capSeconds(),
        hand.lost(),
        wellAtEnd,
        hand.steps());
  }

  /// In one line, for people.
  public String text() {
    boolean back = runbookSeconds >= 0;
    String runbook =
        back ? "%.1f s".formatted(runbookSeconds) : "not back after %.0f s".formatted(capSeconds);
    String times =
        back ? "%.1f".formatted(ratio) : "more than %.1f".formatted(capSeconds / chrysalisSeconds);
    return "written runbook, \"%s\": %s; Chrysalis: %.1f s; ratio: %s%n%s"
        .formatted(
            section,
            runbook,
            chrysalisSeconds,
            times,
            wellAtEnd ? "" : "the lab is NOT well after it: see chrysalis assess\n");
  }
}
