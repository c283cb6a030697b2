package dev.chrysalis.recovery.checklist.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineTimeTest {
  @ParameterizedTest
  @CsvSource({
    "2026-11-23T02:15:30.123Z  INFO 77 --- [main] dev.B : up, 2026-11-23T02:15:30.123Z",
    "2026-11-23T03:15:30.123+01:00 ERROR boom, 2026-11-23T02:15:30.123Z",
    "'2026-11-23 02:15:30,5 +0000 x', 2026-11-23T02:15:30.5Z",
    "2026-11-23 02:15:30.123 UTC [12] LOG:  ready, 2026-11-23T02:15:30.123Z",
    "[2026-11-23T02:15:30Z] ready, 2026-11-23T02:15:30Z"
  })
  void readsTheTimeAtTheBeginningOfALine(String line, Instant time) {
    assertThat(LineTime.of(line)).contains(time);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ready at 2026-11-23T02:15:30Z",
        "2026-11-23 02:15:30 ready",
        "2026-13-23T02:15:30Z ready",
        "  at dev.butterfly.Butterfly.main(Butterfly.java:12)"
      })
  void guessesNoTimeAndNoZone(String line) {
    assertThat(LineTime.of(line)).isEmpty();
  }

  @Test
  void takesTheNewestLineThatHasOne() {
    assertThat(
            LineTime.newest(
                List.of("2026-11-23T02:15:30Z a", "2026-11-23T02:15:31Z b", "  at trace")))
        .contains(Instant.parse("2026-11-23T02:15:31Z"));
  }
}
