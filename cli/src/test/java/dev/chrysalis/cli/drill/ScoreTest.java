package dev.chrysalis.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScoreTest {
  private static final Score MEASURED =
      new Score("store-lost", "store-lost", 24.25, 900, 812, 2, 0, 0, 1, 0.5, true, "r.html");

  @Test
  void tellsWhatWasMeasured() {
    assertThat(MEASURED.facts())
        .containsEntry("writes acknowledged", "812")
        .containsEntry("acknowledged writes lost", "2")
        .containsEntry("data loss", "0.5 s");
    assertThat(new Scorecard(List.of(MEASURED)).text()).contains("0.5 s").contains(" verified");
  }

  @Test
  void claimsNothingOfWritesThatWereNotReadBack() {
    Score score = Score.unmeasured("store-lost", "store-lost", 900, "r.html");

    assertThat(score.facts()).containsOnlyKeys("recovery time");
    assertThat(score.facts().get("recovery time")).startsWith("unknown: clients did not return");
    assertThat(new Scorecard(List.of(score)).text())
        .contains("unknown", "NOT VERIFIED")
        .doesNotContain("-1", "0.0 s");
    assertThat(score.verified()).isFalse();
  }
}
