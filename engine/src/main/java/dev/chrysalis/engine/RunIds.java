package dev.chrysalis.engine;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/// Names of runs, `20261123t021530z-7f3a9c`: they sort by their beginning.
final class RunIds {
  private static final DateTimeFormatter BEGIN =
      DateTimeFormatter.ofPattern("uuuuMMdd't'HHmmss'z'").withZone(ZoneOffset.UTC);

  private RunIds() {}

  static String next(Surroundings surroundings) {
    Instant now = surroundings.clock().instant();
    int salt = surroundings.random().nextInt(1 << 24);
    return BEGIN.format(now) + "-" + HexFormat.of().toHexDigits(salt, 6);
  }
}
