package dev.chrysalis.recovery.aftermath;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// When a run is talked about: inside 48 hours of its end, as the runbook asks, for an hour from a
/// full one, between 9 and 17 UTC.
///
/// @param workingDay false where the 48 hours hold none, as after a Friday's evening
record ReviewTime(Instant begin, boolean workingDay) {
  static final Duration LONG = Duration.ofHours(1);

  private static final Duration WITHIN = Duration.ofDays(2);

  /// People who were up at night sleep first.
  private static final Duration REST = Duration.ofHours(8);

  private static final int MORNING = 9;
  private static final int EVENING = 17;

  /// The first such hour of a working day, else the last one of whatever day it is.
  static ReviewTime after(Instant ended) {
    Instant last = ended.plus(WITHIN).minus(LONG);
    Optional<ZonedDateTime> working =
        hours(ended.plus(REST), last, ReviewTime::isWorkingDay).findFirst();
    return working
        .map(hour -> new ReviewTime(hour.toInstant(), true))
        .orElseGet(() -> new ReviewTime(lastOf(hours(ended.plus(REST), last, _ -> true)), false));
  }

  private static Instant lastOf(Stream<ZonedDateTime> hours) {
    return hours.reduce((_, later) -> later).orElseThrow().toInstant();
  }

  private static Stream<ZonedDateTime> hours(
      Instant from, Instant to, Predicate<ZonedDateTime> day) {
    ZonedDateTime first =
        from.plus(Duration.ofHours(1).minusNanos(1))
            .atZone(ZoneOffset.UTC)
            .truncatedTo(ChronoUnit.HOURS);
    return Stream.iterate(first, hour -> !hour.toInstant().isAfter(to), hour -> hour.plusHours(1))
        .filter(hour -> hour.getHour() >= MORNING && hour.getHour() < EVENING)
        .filter(day);
  }

  private static boolean isWorkingDay(ZonedDateTime hour) {
    return hour.getDayOfWeek() != DayOfWeek.SATURDAY && hour.getDayOfWeek() != DayOfWeek.SUNDAY;
  }
}
