package dev.chrysalis.cassandra.agent.load;

import java.util.ArrayList;
import java.util.List;

/// Takes a script apart at the semicolons that end statements: not those in strings, quoted names,
/// `$$` bodies of functions and comments. Comments are left out. Read in one pass.
final class CqlScript {
  private final String text;
  private final StringBuilder statement = new StringBuilder();
  private final List<String> statements = new ArrayList<>();
  private int at;

  private CqlScript(String text) {
    this.text = text;
  }

  /// Its statements, without their semicolons; what follows the last one counts as one.
  static List<String> statements(String text) {
    CqlScript script = new CqlScript(text);
    while (script.at < text.length()) {
      script.step();
    }
    script.end();
    return List.copyOf(script.statements);
  }

  private void step() {
    char c = text.charAt(at);
    if (text.startsWith("--", at) || text.startsWith("//", at)) {
      skipTo("\n");
    } else if (text.startsWith("/*", at)) {
      skipTo("*/");
    } else if (text.startsWith("$$", at)) {
      takeTo("$$");
    } else if (c == '\'' || c == '"') {
      takeTo(String.valueOf(c));
    } else if (c == ';') {
      at++;
      end();
    } else {
      statement.append(c);
      at++;
    }
  }

  private void skipTo(String mark) {
    int end = text.indexOf(mark, at);
    at = end < 0 ? text.length() : end + mark.length();
    statement.append(' ');
  }

  /// A doubled quote in a string ends it and begins another one, which comes to the same.
  private void takeTo(String mark) {
    int end = text.indexOf(mark, at + mark.length());
    int until = end < 0 ? text.length() : end + mark.length();
    statement.append(text, at, until);
    at = until;
  }

  private void end() {
    String whole = statement.toString().strip();
    if (!whole.isEmpty()) {
      statements.add(whole);
    }
    statement.setLength(0);
  }
}
