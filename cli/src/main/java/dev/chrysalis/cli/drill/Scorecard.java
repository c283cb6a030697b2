package dev.chrysalis.cli.drill;

import dev.chrysalis.cli.Columns;
import java.util.List;

/// All scores of a show.
public record Scorecard(List<Score> disasters) {
  public Scorecard {
    disasters = List.copyOf(disasters);
  }

  /// Whether everything was recovered and verified.
  public boolean allVerified() {
    return !disasters.isEmpty() && disasters.stream().allMatch(Score::verified);
  }

  /// The card for people.
  public String text() {
    Columns columns =
        new Columns()
            .row(
                "DISASTER",
                "RECOVERED IN",
                "OBJECTIVE",
                "ACKNOWLEDGED",
                "LOST",
                "DATA LOSS",
                "LEFT OUT",
                "");
    for (Score s : disasters) {
      columns.row(
          s.scenario(),
          "%.1f s".formatted(s.recoveryTimeSeconds()),
          "%.0f s".formatted(s.objectiveSeconds()),
          Long.toString(s.acknowledged()),
          Long.toString(s.lost()),
          "%.1f s".formatted(s.dataLossSeconds()),
          Long.toString(s.discardedByTarget()),
          s.verified() ? "verified" : "NOT VERIFIED");
    }
    StringBuilder text = new StringBuilder(columns.toString());
    disasters.forEach(s -> text.append("report: ").append(s.report()).append('\n'));
    return text.toString();
  }
}
