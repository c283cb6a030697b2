package dev.chrysalis.engine;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/// Names of runs, `20261123t021530z-7f3a9c`: a stack's runs sort by their names as they began.
final class RunIds {
  private static final DateTimeFormatter BEGIN =
      DateTimeFormatter.ofPattern("uuuuMMdd't'HHmmss'z'").withZone(ZoneOffset.UTC);
  private static final int BEGIN_LENGTH = "20261123t021530z".length();

  private RunIds() {}

  /// A name that sorts behind the newest one that there is, even where it was given in this second,
  /// or by a machine whose clock is ahead.
  ///
  /// @param newest empty where there is none
  static String next(Surroundings surroundings, String newest) {
    int salt = surroundings.random().nextInt(1 << 24);
    String name = name(surroundings.clock().instant(), salt);
    return name.compareTo(newest) > 0 ? name : name(began(newest).plusSeconds(1), salt);
  }

  private static String name(Instant began, int salt) {
    return BEGIN.format(began) + "-" + HexFormat.of().toHexDigits(salt, 6);
  }

  private static Instant began(String run) {
    return BEGIN.parse(run.substring(0, BEGIN_LENGTH), Instant::from);
  }
}
