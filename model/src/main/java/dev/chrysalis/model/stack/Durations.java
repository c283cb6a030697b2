package dev.chrysalis.model.stack;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as people write them: `10s`, `15m`, `1h`, `1h30m`, `7d`.
public final class Durations {
  private static final Pattern FORM =
      Pattern.compile("(?:(\\d{1,5})d)?(?:(\\d{1,6})h)?(?:(\\d{1,7})m)?(?:(\\d{1,8})s)?");

  private Durations() {}

  /// Reads a positive duration; anything else is an `IllegalArgumentException`.
  public static Duration parse(String text) {
    Matcher m = FORM.matcher(text);
    Duration sum = Duration.ZERO;
    if (m.matches()) {
      sum =
          Duration.ofDays(part(m, 1))
              .plusHours(part(m, 2))
              .plusMinutes(part(m, 3))
              .plusSeconds(part(m, 4));
    }
    if (sum.isZero()) {
      throw new IllegalArgumentException(
          "is not a duration: '" + text + "' (write 10s, 15m, 1h30m, 7d)");
    }
    return sum;
  }

  private static long part(Matcher m, int group) {
    return m.group(group) == null ? 0 : Long.parseLong(m.group(group));
  }

  /// Writes a duration for people, to the second, or to the tenth below a minute: `1 h 5 min`,
  /// `12.4 s`.
  public static String show(Duration d) {
    long seconds = d.toSeconds();
    if (seconds < 60) {
      return "%d.%d s".formatted(seconds, d.toMillisPart() / 100);
    }
    if (seconds < 3600) {
      return two(d.toMinutes(), "min", d.toSecondsPart(), "s");
    }
    return d.toHours() < 48
        ? two(d.toHours(), "h", d.toMinutesPart(), "min")
        : two(d.toDays(), "d", d.toHoursPart(), "h");
  }

  private static String two(long large, String unit, int small, String smallUnit) {
    return large + " " + unit + (small == 0 ? "" : " " + small + " " + smallUnit);
  }
}
