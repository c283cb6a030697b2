package dev.chrysalis.recovery.checklist.errors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.InMemoryRecordStore;
import dev.chrysalis.recovery.checklist.http.Asked;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class BaselinesTest {
  private static final Instant FIRST = Instant.parse("2026-11-23T02:15:30Z");

  private final InMemoryRecordStore records = new InMemoryRecordStore();
  private final Baselines baselines = new Baselines(records, "butterfly");

  @Test
  void knowNothingBeforeALookWasKept() {
    assertThat(baselines.newest().of("perception", ErrorKind.REQUESTS)).isEmpty();
    assertThat(baselines.last()).isEmpty();
  }

  @Test
  void tellTheMedianSoThatOneBadHourCountsForLittle() {
    keep(0, 2);
    keep(1, 400);
    keep(2, 1);

    assertThat(baselines.newest().of("perception", ErrorKind.REQUESTS))
        .contains(
            new Before(OptionalDouble.of(2), "3 looks while well, newest 2026-11-23T02:15:32Z"));
    assertThat(baselines.newest().of("perception", ErrorKind.LINES)).isEmpty();
    assertThat(baselines.newest().of("capsule", ErrorKind.REQUESTS)).isEmpty();
    assertThat(baselines.last()).contains(FIRST.plusSeconds(2));
  }

  @Test
  void forgetWhatIsLongAgoAndSayWhichRecordsAreSpent() {
    for (int i = 0; i < 50; i++) {
      keep(i, i < 30 ? 1000 : 1);
    }

    assertThat(baselines.newest().of("perception", ErrorKind.REQUESTS))
        .hasValueSatisfying(b -> assertThat(b.perMinute()).hasValue(1));
    assertThat(baselines.spent())
        .containsExactly(
            "baselines/butterfly/20261123t021530z", "baselines/butterfly/20261123t021531z");
  }

  @Test
  void passOverRecordsThatTheyDoNotUnderstand() {
    keep(0, 2);
    records.create(
        "baselines/butterfly/20270101t000000z", "{\"v\":9}".getBytes(StandardCharsets.UTF_8));

    assertThat(baselines.newest().of("perception", ErrorKind.REQUESTS))
        .hasValueSatisfying(b -> assertThat(b.perMinute()).hasValue(2));
  }

  private void keep(int second, double perMinute) {
    Rate rate = new Rate(perMinute, Duration.ofMinutes(1), "its members");
    baselines.keep(
        FIRST.plusSeconds(second),
        new Measured(
            List.of(
                new Measured.One("perception", ErrorKind.REQUESTS, new Asked.Answered<>(rate)),
                new Measured.One(
                    "perception", ErrorKind.LINES, new Asked.Unanswered<>("not there")))));
  }
}
