package dev.chrysalis.platform.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JobLinesTest {
  private final JobLines lines = new JobLines();

  static JobEvent[] events() {
    return new JobEvent[] {
      new JobEvent.Progress("restoring files", 17, 0),
      new JobEvent.Note("a \"quoted\"\nline with {braces} and ü"),
      new JobEvent.Done(Map.of("snapshot", "20261123t021530z-7f3a9c", "bytes", "12")),
      new JobEvent.Failed("CHR-5003", "no such directory", "set PGDATA"),
    };
  }

  static JobState[] states() {
    return new JobState[] {
      new JobState.NotStarted(),
      new JobState.Running(2, new JobEvent.Progress("reading", 3, 4)),
      new JobState.Done(Map.of("a", "b")),
      new JobState.Failed("CHR-5003", "message", "hint"),
      new JobState.Lost(3),
    };
  }

  @ParameterizedTest
  @MethodSource("events")
  void anEventIsReadBackFromItsOneLine(JobEvent event) {
    JobLine line = new JobLine(7, Instant.parse("2026-11-23T02:15:30.25Z"), event);

    assertThat(lines.encode(line)).doesNotContain("\n");
    assertThat(lines.decode(lines.encode(line))).contains(line);
  }

  @ParameterizedTest
  @MethodSource("states")
  void aStateIsReadBackFromItsOneLine(JobState state) {
    assertThat(lines.decodeState(lines.encode(state))).contains(state);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "WARNING: something",
        "{\"n\":1,\"at\":\"2026-11-23T02:1",
        "{\"n\":-1,\"at\":\"2026-11-23T02:15:30Z\",\"event\":\"note\",\"text\":\"\"}",
        "{\"n\":1,\"at\":\"yesterday\",\"event\":\"note\",\"text\":\"\"}",
        "{\"n\":1,\"at\":\"2026-11-23T02:15:30Z\",\"event\":\"unheard-of\"}",
      })
  void whatIsNoLineIsSkipped(String text) {
    assertThat(lines.decode(text)).isEmpty();
    assertThat(lines.decodeState(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = "{\"n\":1,\"at\":\"2026-11-23T02:15:30Z\",\"event\":\"note\",\"x\":{}}")
  void fieldsOfANewerAgentAreSkipped(String text) {
    assertThat(lines.decode(text)).map(JobLine::event).contains(new JobEvent.Note(""));
  }
}
