package dev.chrysalis.model.stack;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A text with placeholders, `${run}`, which are filled when somebody is told about a run. Only
/// known placeholders can be written; what is filled in is never read for placeholders itself.
public record NoticeTemplate(String text) {
  /// What can be told of a run.
  public static final List<String> PLACEHOLDERS =
      List.of(
          "run",
          "stack",
          "scenario",
          "state",
          "summary",
          "detail",
          "loss",
          "elapsed",
          "expected",
          "objective",
          "at",
          "next");

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)(}?)");

  /// Throws `IllegalArgumentException` for a placeholder that is unknown or not closed.
  public NoticeTemplate {
    PLACEHOLDER.matcher(text).results().forEach(m -> check(m.group(1), !m.group(2).isEmpty()));
  }

  private static void check(String name, boolean closed) {
    if (!closed) {
      throw new IllegalArgumentException("has a ${ that no } closes");
    }
    if (!PLACEHOLDERS.contains(name)) {
      throw new IllegalArgumentException(
          "has the unknown placeholder ${"
              + name
              + "}; known are "
              + String.join(", ", PLACEHOLDERS));
    }
  }

  /// The text with the values in it; what has none becomes empty.
  public String fill(Map<String, String> values) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(m -> Matcher.quoteReplacement(values.getOrDefault(m.group(1), "")));
  }
}
