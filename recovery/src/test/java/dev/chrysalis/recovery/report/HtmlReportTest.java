package dev.chrysalis.recovery.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.recovery.report.RunReport.StepReport;
import dev.chrysalis.recovery.report.RunReport.TimelineEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

  @Test
  void showsWhatWasLostBesideWhatWasExpected() {
    assertThat(page("<b>nothing</b>", Map.of()))
        .contains("Loss expected<b>a few seconds of writes</b>")
        .contains("Lost<b>&lt;b&gt;nothing&lt;/b&gt;</b>")
        .contains("recovery time<b>24.2 s</b>");
  }

  @Test
  void leavesOutWhatTheRunDidNotState() {
    assertThat(page("", Map.of())).doesNotContain("Lost<b>");
  }

  @Test
  void showsChoicesBesideTheEvidenceWhereTheyDiffer() {
    assertThat(page("", Map.of("timeline", "2", "candidate", "postgres-1")))
        .contains("<dt>chose timeline</dt><dd>1</dd>")
        .contains("<dt>timeline</dt><dd>2</dd>")
        .contains("<dt>candidate</dt><dd>postgres-1</dd>")
        .doesNotContain("chose candidate");
  }

  @Test
  void saysWhatToChangeAndHowToGoOn() {
    assertThat(page("", Map.of()))
        .contains("<li>It took &lt;long&gt;.<br>Raise the expectation.</li>")
        .contains("chrysalis report 20261125t120000z-0a1b2c --post-mortem");
  }

  @Test
  void asksWhatOnlyPeopleKnow() {
    assertThat(page("", Map.of())).contains("<li>What is the root cause? Which change");
  }

  @Test
  void needsNothingElse() {
    assertThat(page("", Map.of())).doesNotContain("http://", "https://", "<script", "src=");
  }

  private static String page(String lost, Map<String, String> evidence) {
    StepReport step =
        new StepReport(
            "promote",
            "Promote the chosen standby",
            "postgres.promote",
            "POINT_OF_NO_RETURN",
            "DONE",
            NOON,
            NOON.plusSeconds(2),
            2,
            3,
            1,
            Map.of("timeline", "1", "candidate", "postgres-1"),
            evidence,
            "");
    return HtmlReport.of(
        new RunReport(
            "20261125t120000z-0a1b2c",
            "butterfly",
            "primary-lost",
            "Fence and promote.",
            "SUCCEEDED",
            NOON,
            NOON.plusSeconds(30),
            30,
            3600,
            true,
            "a few seconds of writes",
            lost,
            List.of(step),
            List.of(new TimelineEntry(NOON, "run started", "ana")),
            List.of(new Deviation("promote", "It took <long>.", "Raise the expectation.")),
            Map.of("recovery time", "24.2 s")));
  }
}
