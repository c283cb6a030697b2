package dev.chrysalis.cli.drill;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.chrysalis.cli.Columns;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All scores of a show.
///
/// @param againstRunbook the comparison with the written runbook; null where none was made
public record Scorecard(
    List<Score> disasters,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RunbookComparison againstRunbook) {
  public Scorecard {
    disasters = List.copyOf(disasters);
  }

  /// Without a comparison.
  public Scorecard(List<Score> disasters) {
    this(disasters, null);
  }

  /// Whether everything was recovered and verified, and the lab is well after it.
  public boolean allVerified() {
    return !disasters.isEmpty()
        && disasters.stream().allMatch(Score::verified)
        && (againstRunbook == null || againstRunbook.wellAtEnd());
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
          s.fault(),
          known(s, "%.1f s".formatted(s.recoveryTimeSeconds())),
          "%.0f s".formatted(s.objectiveSeconds()),
          known(s, Long.toString(s.acknowledged())),
          known(s, Long.toString(s.lost())),
          known(s, "%.1f s".formatted(s.dataLossSeconds())),
          known(s, Long.toString(s.discardedByTarget())),
          s.verified() ? "verified" : "NOT VERIFIED");
    }
    StringBuilder text = new StringBuilder(columns.toString());
    if (againstRunbook != null) {
      text.append(againstRunbook.text());
    }
    disasters.forEach(s -> text.append("report: ").append(s.report()).append('\n'));
    return text.toString();
  }

  private static String known(Score score, String value) {
    return score.measured() ? value : "unknown";
  }
}
