package dev.chrysalis.redis.agent.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// A line of a configuration file, with the words that a server reads in it.
///
/// @param raw as it stands there, a character for each byte, so that nothing of it changes
/// @param words its words, the first a directive's name in small letters; none in a comment
record ConfigurationLine(String raw, List<String> words) {
  private static final String PLAIN = "[A-Za-z0-9_./:@%+=,*~&>|-]+";

  ConfigurationLine {
    words = List.copyOf(words);
  }

  /// Reads a line by the rules of Redis; empty where its quotes are not balanced.
  static Optional<ConfigurationLine> read(String raw) {
    String text = raw.strip();
    if (text.isEmpty() || text.startsWith("#")) {
      return Optional.of(new ConfigurationLine(raw, List.of()));
    }
    return new Splitter(text).words().map(words -> new ConfigurationLine(raw, named(words)));
  }

  private static List<String> named(List<String> words) {
    List<String> named = new ArrayList<>(words);
    if (!named.isEmpty()) {
      named.set(0, named.getFirst().toLowerCase(Locale.ROOT));
    }
    return named;
  }

  /// A line that a server reads as these words.
  static ConfigurationLine of(List<String> words) {
    String raw = words.stream().map(ConfigurationLine::quoted).collect(Collectors.joining(" "));
    return new ConfigurationLine(raw, words);
  }

  /// Whether it begins with these words.
  boolean says(String... beginning) {
    return words.size() >= beginning.length
        && words.subList(0, beginning.length).equals(List.of(beginning));
  }

  private static String quoted(String word) {
    if (word.matches(PLAIN)) {
      return word;
    }
    StringBuilder text = new StringBuilder("\"");
    for (byte b : word.getBytes(UTF_8)) {
      int c = b & 0xFF;
      if (c == '"' || c == '\\') {
        text.append('\\').append((char) c);
      } else if (c < ' ' || c > '~') {
        text.append("\\x%02x".formatted(c));
      } else {
        text.append((char) c);
      }
    }
    return text.append('"').toString();
  }

  /// Splits a line as Redis does: words stand apart by blanks; `"…"` knows `\n`, `\r`, `\t`, `\b`,
  /// `\a`, `\xHH` and takes any other character behind a backslash for itself; `'…'` knows only
  /// `\'`; behind a closing quote comes a blank or the end.
  private static final class Splitter {
    private final String text;
    private int at;
    private ByteArrayOutputStream word = new ByteArrayOutputStream();

    Splitter(String text) {
      this.text = text;
    }

    Optional<List<String>> words() {
      List<String> words = new ArrayList<>();
      while (at < text.length()) {
        if (isBlank(text.charAt(at))) {
          at++;
          continue;
        }
        word = new ByteArrayOutputStream();
        if (!readWord()) {
          return Optional.empty();
        }
        words.add(word.toString(UTF_8));
      }
      return Optional.of(words);
    }

    private boolean readWord() {
      while (at < text.length() && !isBlank(text.charAt(at))) {
        char c = text.charAt(at++);
        if (c == '"' || c == '\'') {
          boolean ended = c == '"' ? readDouble() : readSingle();
          if (!ended || (at < text.length() && !isBlank(text.charAt(at)))) {
            return false;
          }
        } else {
          word.write(c);
        }
      }
      return true;
    }

    private boolean readSingle() {
      while (at < text.length()) {
        char c = text.charAt(at++);
        if (c == '\'') {
          return true;
        }
        if (c == '\\' && at < text.length() && text.charAt(at) == '\'') {
          c = text.charAt(at++);
        }
        word.write(c);
      }
      return false;
    }

    private boolean readDouble() {
      while (at < text.length()) {
        char c = text.charAt(at++);
        if (c == '"') {
          return true;
        }
        if (c == '\\' && at < text.length()) {
          readEscaped();
        } else {
          word.write(c);
        }
      }
      return false;
    }

    private void readEscaped() {
      char c = text.charAt(at++);
      if (c == 'x'
          && at + 2 <= text.length()
          && text.substring(at, at + 2).matches("[0-9a-fA-F]{2}")) {
        word.write(Integer.parseInt(text.substring(at, at + 2), 16));
        at += 2;
        return;
      }
      word.write(
          switch (c) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'a' -> 7;
            default -> c;
          });
    }

    private static boolean isBlank(char c) {
      return c == ' ' || (c >= '\t' && c <= '\r') || c == 0;
    }
  }

  /// The line's bytes, without its end.
  byte[] bytes() {
    return raw.getBytes(ISO_8859_1);
  }
}
