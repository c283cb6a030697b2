package dev.chrysalis.recovery.aftermath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.JournalEntry;
import dev.chrysalis.recovery.RecordedRun;
import dev.chrysalis.recovery.report.RunReport;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import net.fortuna.ical4j.data.CalendarBuilder;
import net.fortuna.ical4j.data.ParserException;
import net.fortuna.ical4j.model.Calendar;
import net.fortuna.ical4j.model.Component;
import net.fortuna.ical4j.model.Property;
import net.fortuna.ical4j.model.component.VEvent;
import net.fortuna.ical4j.validate.ValidationResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReviewInviteTest {
  @Test
  void isAnEventThatCalendarsUnderstand() throws ParserException, IOException {
    Calendar calendar = parsed(ReviewInvite.of(report()));

    ValidationResult result = calendar.validate();
    assertThat(result.getEntries()).isEmpty();
    VEvent event = calendar.<VEvent>getComponent(Component.VEVENT).orElseThrow();
    assertThat(value(event, Property.UID))
        .isEqualTo("20261125t031500z-0a1b2c-review@butterfly.chrysalis");
    assertThat(value(event, Property.DTSTART)).isEqualTo("20261125T120000Z");
    assertThat(value(event, Property.DTEND)).isEqualTo("20261125T130000Z");
    assertThat(value(event, Property.SUMMARY)).isEqualTo("Review: store-lost of butterfly");
    assertThat(value(event, Property.DESCRIPTION))
        .contains("Lost: 2 commits, 812 to 813; Größe \\ 🦋")
        .contains("\nPrepare: chrysalis report " + RecordedRun.RUN + " --post-mortem\n");
  }

  @Test
  void keepsToTheRulesOfTheFormat() {
    String ics = ReviewInvite.of(report());

    assertThat(ics.replace("\r\n", "")).doesNotContain("\r", "\n");
    assertThat(ics.split("\r\n", -1))
        .allMatch(line -> line.getBytes(StandardCharsets.UTF_8).length <= 75);
    assertThat(ics).endsWith("END:VCALENDAR\r\n");
  }

  @Test
  void isTheSameWheneverItIsMade() {
    assertThat(ReviewInvite.of(report())).isEqualTo(ReviewInvite.of(report()));
  }

  @ParameterizedTest
  @CsvSource({
    // A night's end: after a sleep, the same day.
    "2026-11-25T03:35:51Z, 2026-11-25T12:00:00Z, true",
    // At noon: the next morning.
    "2026-11-25T12:00:00Z, 2026-11-26T09:00:00Z, true",
    // On the hour.
    "2026-11-25T01:00:00Z, 2026-11-25T09:00:00Z, true",
    // Friday at noon: nothing but the weekend lies inside.
    "2026-11-27T12:00:00Z, 2026-11-29T11:00:00Z, false",
    // Saturday in the morning: Monday at nine is the first hour that would do, a minute too late.
    "2026-11-28T09:59:00Z, 2026-11-29T16:00:00Z, false",
    "2026-11-28T10:00:00Z, 2026-11-30T09:00:00Z, true",
  })
  void findsAnHourInTheWorkingDayWhereThereIsOne(Instant ended, Instant begin, boolean workingDay) {
    assertThat(ReviewTime.after(ended)).isEqualTo(new ReviewTime(begin, workingDay));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 29, 61, 90, 121, 167})
  void isOverInside48Hours(int hours) {
    Instant ended = Instant.parse("2026-11-23T00:31:00Z").plus(Duration.ofHours(hours));

    Instant begin = ReviewTime.after(ended).begin();

    assertThat(begin).isAfter(ended);
    assertThat(begin.plus(ReviewTime.LONG)).isBeforeOrEqualTo(ended.plus(Duration.ofDays(2)));
  }

  private static RunReport report() {
    RecordedRun run =
        RecordedRun.started()
            .done(1, 2, "evidence", Map.of("lost", "2 commits, 812 to 813; Größe \\ 🦋"))
            .at(1251, new JournalEntry.RunEnded(JournalEntry.Ending.SUCCEEDED, "done"));
    return RunReport.of(RecordedRun.RUN, run.records(), Map.of());
  }

  private static String value(VEvent event, String property) {
    return event.<Property>getProperty(property).orElseThrow().getValue();
  }

  private static Calendar parsed(String ics) throws ParserException, IOException {
    return new CalendarBuilder().build(new StringReader(ics));
  }
}
