package dev.chrysalis.recovery.aftermath;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Texts from outside as Markdown that shows them as they are, on one line.
final class Markdown {
  private static final Pattern SPECIAL = Pattern.compile("[\\\\`*_{}\\[\\]<>()#|!~&$^]");
  private static final Pattern BREAK = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]+");

  /// What would begin a list, a quotation or a line of its own at the beginning of a text.
  private static final Pattern BEGINNING = Pattern.compile("^([-+=:])|^(\\d+)([.)](?= |$))");

  private Markdown() {}

  static String text(String outside) {
    String line = BREAK.matcher(outside).replaceAll(" ").strip();
    String plain = SPECIAL.matcher(line).replaceAll("\\\\$0");
    return BEGINNING
        .matcher(plain)
        .replaceFirst(r ->
            Matcher.quoteReplacement(
                r.group(1) == null ? r.group(2) + "\\" + r.group(3) : "\\" + r.group(1)));
  }

  /// A table's row of texts from outside.
  static String row(List<String> cells) {
    StringBuilder row = new StringBuilder("|");
    cells.forEach(cell -> row.append(' ').append(text(cell)).append(" |"));
    return row.append('\n').toString();
  }

  /// A table's head.
  static String head(String... names) {
    StringBuilder head = new StringBuilder("|");
    StringBuilder line = new StringBuilder("|");
    for (String name : names) {
      head.append(' ').append(name).append(" |");
      line.append(" --- |");
    }
    return head.append('\n').append(line).append('\n').toString();
  }
}
