package dev.chrysalis.cli.live;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// How things look on this terminal.
///
/// @param color whether colours and weights may be used; not with `NO_COLOR` (no-color.org)
/// @param unicode whether it shows more than ASCII
record Style(boolean color, boolean unicode) {
  static Style of(Map<String, String> environment, Charset charset) {
    return new Style(
        environment.getOrDefault("NO_COLOR", "").isEmpty(), charset.equals(StandardCharsets.UTF_8));
  }

  String bold(String text) {
    return sgr("1", text);
  }

  String faint(String text) {
    return sgr("2", text);
  }

  String good() {
    return " " + sgr("32", unicode ? "✓" : "+");
  }

  String going() {
    return " " + sgr("36", unicode ? "▶" : ">");
  }

  String asks() {
    return " " + sgr("33", "?");
  }

  String bad() {
    return " " + sgr("31", unicode ? "✗" : "x");
  }

  String ellipsis() {
    return unicode ? "…" : "~";
  }

  String bar(int full, int empty) {
    return unicode ? "█".repeat(full) + "░".repeat(empty) : "#".repeat(full) + ".".repeat(empty);
  }

  private String sgr(String code, String text) {
    return color ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
