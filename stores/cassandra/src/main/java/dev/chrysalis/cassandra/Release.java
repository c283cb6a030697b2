package dev.chrysalis.cassandra;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What differs between releases of Cassandra.
public final class Release {
  private static final Pattern RELEASE = Pattern.compile("([0-9]+)\\.([0-9]+)(?:\\.([0-9]+))?");

  private Release() {}

  /// Whether it reads fractions of a second in `restore_point_in_time`: earlier ones pass over what
  /// came after the whole second (CASSANDRA-19448, in 4.0.13 and 4.1.5).
  public static boolean takesFractions(String version) {
    Matcher m = RELEASE.matcher(version);
    if (!m.lookingAt()) {
      return false;
    }
    int minor = Integer.parseInt(m.group(2));
    int patch = m.group(3) == null ? 0 : Integer.parseInt(m.group(3));
    return switch (Integer.parseInt(m.group(1))) {
      case 4 -> minor == 0 ? patch >= 13 : minor > 1 || patch >= 5;
      default -> Integer.parseInt(m.group(1)) > 4;
    };
  }
}
