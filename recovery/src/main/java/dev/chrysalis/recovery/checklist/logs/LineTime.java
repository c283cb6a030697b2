package dev.chrysalis.recovery.checklist.logs;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// When a line was printed, where it begins by saying so. A time without its zone is none: nobody
/// guesses here.
public final class LineTime {
  private static final Pattern FORM =
      Pattern.compile(
          "^\\W{0,2}(\\d{4}-\\d\\d-\\d\\d)[T ](\\d\\d:\\d\\d:\\d\\d)(?:[.,](\\d{1,9}))?"
              + " ?(Z|UTC|GMT|[+-]\\d\\d:?\\d\\d)");

  private LineTime() {}

  /// The line's time, if it has one.
  public static Optional<Instant> of(String line) {
    Matcher m = FORM.matcher(line);
    if (!m.find()) {
      return Optional.empty();
    }
    try {
      String fraction = m.group(3) == null ? "" : "." + m.group(3);
      LocalDateTime local = LocalDateTime.parse(m.group(1) + "T" + m.group(2) + fraction);
      return Optional.of(local.atZone(ZoneId.of(m.group(4))).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /// The time of the newest line that has one.
  public static Optional<Instant> newest(List<String> lines) {
    return lines.reversed().stream().flatMap(line -> of(line).stream()).findFirst();
  }
}
