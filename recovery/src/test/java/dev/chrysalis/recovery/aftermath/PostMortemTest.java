package dev.chrysalis.recovery.aftermath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.recovery.RecordedRun;
import dev.chrysalis.recovery.report.RunReport;
import dev.chrysalis.recovery.report.RunReport.TimelineEntry;
import java.util.List;
import java.util.Map;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.text.TextContentRenderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostMortemTest {
  private static final Parser PARSER =
      Parser.builder().extensions(List.of(TablesExtension.create())).build();

  @Test
  void isFilledWithAllThatIsKnown() {
    String text = html(PostMortem.of(report(RecordedRun.resumedAndRecovered())));

    assertThat(text)
        .contains("<h1>Post-mortem: store-lost of butterfly</h1>")
        .contains("<td>2 commits, 812 to 813</td>")
        .contains("<td>20 min 51 s</td>", "<td>1 h, met</td>")
        .contains("<td>recovery time</td>\n<td>24.2 s</td>")
        .contains("<td>run taken over</td>\n<td>ben@bastion-2</td>")
        .contains("<td>told team that the run is failed: answered 200</td>")
        .contains("<td>candidate postgres-0</td>")
        .contains("<li>ben@bastion-2: approved: promote</li>")
        .contains("<td>members</td>\n<td>PASSED: 2 ready</td>")
        .contains("record evidence/" + RecordedRun.RUN + "/evidence in the vault")
        .contains("Raise the expectation of restore-postgres-0 from 3 s to 41 s")
        .contains("CHR-5016: no room: 3 of 9 GB | &lt;full&gt;");
  }

  @Test
  void asksPeopleOnlyWhatTheyKnow() {
    String text = PostMortem.of(report(RecordedRun.resumedAndRecovered()));

    assertThat(text.lines().filter(l -> l.contains("TODO (people): ")))
        .hasSizeBetween(8, 12)
        .anyMatch(l -> l.contains("root cause"))
        .anyMatch(l -> l.contains("customers"))
        .anyMatch(l -> l.contains("noticed it first"))
        .anyMatch(l -> l.contains("one row for each"))
        .anyMatch(l -> l.contains("UNKNOWN"));
  }

  @Test
  void canBeMadeOfARunThatFailed() {
    assertThat(PostMortem.of(report(RecordedRun.failedAndGivenBack())))
        .contains("| status | FAILED |", "It was not gone through to its end")
        .doesNotContain(", met");
  }

  @Test
  void saysOnlyOfARunThatSucceededThatItMetItsObjectiveAndWentAsPlanned() {
    RecordedRun waits = RecordedRun.started().done(1, 2, "evidence", Map.of());

    assertThat(PostMortem.of(report(waits)))
        .contains("| objective | 1 h; the run is RUNNING |")
        .contains("No step differed from the plan, but the run is RUNNING.")
        .doesNotContain("The run went as it was planned.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "a | b || c",
        "[click](https://example.org) ![x](y) <https://example.org>",
        "# no heading",
        "- no list",
        "+ no list",
        "1. no list",
        "12) no list",
        "12.",
        "> no quotation",
        "*a* _b_ **c** `d` ~~e~~",
        "end \\",
        "\\| x",
        "&lt; &amp; &copy;",
        "=== no heading",
        "| --- |",
        ":-- x",
        "[a]: https://example.org",
        "``` no code",
      })
  void showsTextsFromOutsideAsTheyAre(String outside) {
    String md = Markdown.text(outside);

    assertThat(TextContentRenderer.builder().build().render(PARSER.parse(md))).isEqualTo(outside);
    assertThat(html(md)).startsWith("<p>").doesNotContain("<a", "<img", "<em", "<code", "<script");
    assertThat(html(Markdown.head("a", "b") + Markdown.row(List.of(outside, "B"))))
        .contains("<td>B</td>")
        .containsOnlyOnce("<tbody>");
  }

  @Test
  void leavesTimesAndNumbersReadable() {
    assertThat(Markdown.text("2026-11-25T03:15:00Z")).isEqualTo("2026-11-25T03:15:00Z");
    assertThat(Markdown.text("24.2 s, 1-2")).isEqualTo("24.2 s, 1-2");
  }

  @Test
  void linesFromOutsideBecomeOne() {
    assertThat(Markdown.text("a\r\n\n# b\u2028c\u0000")).isEqualTo("a \\# b c");
  }

  private static RunReport report(RecordedRun run) {
    return RunReport.of(RecordedRun.RUN, run.records(), Map.of("recovery time", "24.2 s"))
        .with(
            List.of(
                new TimelineEntry(
                    RecordedRun.BEGIN.plusSeconds(25),
                    "told team that the run is failed: answered 200",
                    "")));
  }

  private static String html(String markdown) {
    return HtmlRenderer.builder()
        .extensions(List.of(TablesExtension.create()))
        .build()
        .render(PARSER.parse(markdown));
  }
}
