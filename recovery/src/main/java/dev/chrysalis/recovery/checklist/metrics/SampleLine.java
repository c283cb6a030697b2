package dev.chrysalis.recovery.checklist.metrics;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads one line of the text format: `name{label="value",…} number [timestamp] [# exemplar]`.
final class SampleLine {
  private static final Pattern REST =
      Pattern.compile("[ \t]*([^\\s#]+)(?:[ \t]+([^\\s#]+))?[ \t]*(?:#.*)?");

  private final String line;
  private int at;

  private SampleLine(String line) {
    this.line = line;
  }

  /// The line's sample; empty where it is none.
  static Optional<Sample> read(String line) {
    return new SampleLine(line).sample();
  }

  private Optional<Sample> sample() {
    String name = word(":");
    Map<String, String> labels = new HashMap<>();
    if (name.isEmpty() || !labels(labels)) {
      return Optional.empty();
    }
    Matcher rest = REST.matcher(line.substring(at));
    // A timestamp may follow the value; what follows a # belongs to an exemplar.
    if (!rest.matches() || (rest.group(2) != null && number(rest.group(2)).isEmpty())) {
      return Optional.empty();
    }
    return number(rest.group(1)).map(value -> new Sample(name, labels, value));
  }

  private boolean labels(Map<String, String> labels) {
    if (!skip('{')) {
      return at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t');
    }
    while (!skip('}')) {
      String label = word("");
      if (label.isEmpty() || !skip('=') || !skip('"')) {
        return false;
      }
      Optional<String> value = quoted();
      if (value.isEmpty() || !(skip(',') || stands('}'))) {
        return false;
      }
      labels.put(label, value.get());
    }
    return true;
  }

  private Optional<String> quoted() {
    StringBuilder text = new StringBuilder();
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == '"') {
        spaces();
        return Optional.of(text.toString());
      }
      if (c == '\\' && at < line.length()) {
        char escaped = line.charAt(at++);
        text.append(escaped == 'n' ? '\n' : escaped);
      } else {
        text.append(c);
      }
    }
    return Optional.empty();
  }

  private String word(String besides) {
    spaces();
    int from = at;
    while (at < line.length() && isWord(line.charAt(at), at == from, besides)) {
      at++;
    }
    return line.substring(from, at);
  }

  private static boolean isWord(char c, boolean first, String besides) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '_'
        || (!first && c >= '0' && c <= '9')
        || besides.indexOf(c) >= 0;
  }

  private boolean skip(char wanted) {
    int before = at;
    spaces();
    if (stands(wanted)) {
      at++;
      return true;
    }
    at = before;
    return false;
  }

  private boolean stands(char wanted) {
    return at < line.length() && line.charAt(at) == wanted;
  }

  private void spaces() {
    while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
      at++;
    }
  }

  private static Optional<Double> number(String text) {
    try {
      return Optional.of(
          switch (text) {
            case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            case "NaN", "Nan" -> Double.NaN;
            default -> Double.parseDouble(text);
          });
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
