package dev.chrysalis.recovery.checklist.logs;

import java.util.List;
import java.util.regex.Pattern;

/// Lines that say ERROR, as a word of its own in capitals: a level, in most programs.
public final class ErrorLines {
  /// The same for Java, and for RE2, which servers use.
  static final String FORM = "\\bERROR\\b";

  private static final Pattern PATTERN = Pattern.compile(FORM);

  private ErrorLines() {}

  /// How many of the lines do.
  public static int count(List<String> lines) {
    return (int) lines.stream().filter(line -> PATTERN.matcher(line).find()).count();
  }
}
