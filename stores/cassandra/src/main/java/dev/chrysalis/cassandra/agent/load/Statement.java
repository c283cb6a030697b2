package dev.chrysalis.cassandra.agent.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One statement of a schema, as the server or `cqlsh` writes it down.
///
/// @param keyspace in which it makes something, or which it makes
/// @param name of what it makes or changes; of an index the table's
/// @param text without the semicolon
record Statement(Kind kind, String keyspace, String name, String text) {
  /// What it makes, in the order in which they can be made.
  enum Kind {
    KEYSPACE,
    TYPE,
    FUNCTION,
    AGGREGATE,
    TABLE,
    INDEX,
    VIEW,
    TRIGGER
  }

  private static final String NAME = "(\"(?:[^\"]|\"\")+\"|\\w+)";
  private static final String HEAD =
      "CREATE (?:OR REPLACE )?(?:CUSTOM )?(KEYSPACE|TYPE|FUNCTION|AGGREGATE|TABLE|INDEX|MATERIALIZED"
          + " VIEW|TRIGGER) (?:IF NOT EXISTS )?";
  private static final String QUALIFIED = "(?:" + NAME + "\\s*\\.\\s*)?" + NAME;
  private static final Pattern MAKES = words(HEAD + QUALIFIED);
  private static final Pattern ON = words(HEAD + "(?:" + NAME + " )?ON " + QUALIFIED);
  private static final Pattern ALTERS = words("ALTER (TABLE) " + QUALIFIED);
  private static final Pattern BARE =
      words(
          "CREATE (?:CUSTOM )?(?:KEYSPACE|TYPE|FUNCTION|AGGREGATE|TABLE|INDEX|MATERIALIZED"
              + " VIEW|TRIGGER) (?!IF )");
  private static final Pattern COLUMN = words("ALTER (TABLE) " + QUALIFIED + " (DROP|ADD) (?!IF )");
  private static final Pattern OPTION = Pattern.compile("'([^']*)'\\s*:");
  private static final Pattern VIEW_OF = words("\\bFROM " + QUALIFIED);
  private static final Pattern ID =
      Pattern.compile(
          "(?i)\\bWITH\\s+ID\\s*=\\s*[0-9a-f-]{36}\\s*(AND\\s+)?", Pattern.UNICODE_CHARACTER_CLASS);

  private static Pattern words(String form) {
    return Pattern.compile(form.replace(" ", "\\s+"), Pattern.CASE_INSENSITIVE);
  }

  /// Reads a statement; empty where it makes nothing that is known.
  static Optional<Statement> parse(String text) {
    Matcher on = ON.matcher(text);
    if (on.lookingAt() && !kind(on.group(1)).equals(Kind.TABLE)) {
      return named(kind(on.group(1)), on.group(3), on.group(4), text);
    }
    Matcher makes = MAKES.matcher(text);
    if (makes.lookingAt()) {
      Kind kind = kind(makes.group(1));
      return kind.equals(Kind.KEYSPACE)
          ? named(kind, makes.group(3), makes.group(3), text)
          : named(kind, makes.group(2), makes.group(3), text);
    }
    Matcher alters = ALTERS.matcher(text);
    return alters.lookingAt()
        ? named(Kind.TABLE, alters.group(2), alters.group(3), text)
        : Optional.empty();
  }

  private static Optional<Statement> named(
      Kind kind, @Nullable String keyspace, String name, String text) {
    // Without its keyspace a name means whatever USE said before: no tool writes a schema so.
    return Optional.<String>ofNullable(keyspace)
        .map(k -> new Statement(kind, plain(k), plain(name), text));
  }

  private static Kind kind(String word) {
    String upper = word.toUpperCase(Locale.ROOT);
    return upper.endsWith("VIEW") ? Kind.VIEW : Kind.valueOf(upper);
  }

  private static String plain(String name) {
    return name.startsWith("\"")
        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
        : name.toLowerCase(Locale.ROOT);
  }

  /// What it makes, changes, or belongs to.
  TableName table() {
    return new TableName(keyspace, name);
  }

  /// Whether it changes something that another statement makes.
  boolean changes() {
    return ALTERS.matcher(text).lookingAt();
  }

  /// The table of a view.
  TableName base() {
    Matcher from = VIEW_OF.matcher(text);
    if (!from.find()) {
      throw new IllegalStateException("a view of nothing: " + text);
    }
    String of = from.group(1);
    return new TableName(of == null ? keyspace : plain(of), plain(from.group(2)));
  }

  /// What makes a keyspace.
  static Statement ofKeyspace(String name, Map<String, String> replication, boolean durable) {
    String options =
        new TreeMap<>(replication)
            .entrySet().stream()
                .map(option ->
                    "%s: %s".formatted(quoted(option.getKey()), quoted(option.getValue())))
                .collect(Collectors.joining(", "));
    return new Statement(
        Kind.KEYSPACE,
        name,
        name,
        "CREATE KEYSPACE \"%s\" WITH replication = {%s} AND durable_writes = %s"
            .formatted(name, options, durable));
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /// The same where datacenters are called otherwise.
  ///
  /// @param names the new one of each by its old one
  Statement withDatacenters(Map<String, String> names) {
    String renamed =
        OPTION
            .matcher(text)
            .replaceAll(option ->
                Matcher.quoteReplacement(
                    "'%s':".formatted(names.getOrDefault(option.group(1), option.group(1)))));
    return new Statement(kind, keyspace, name, renamed);
  }

  /// The same, which does nothing where it was done before.
  String orNothing() {
    Matcher head = BARE.matcher(text);
    if (head.lookingAt()) {
      return head.group() + "IF NOT EXISTS " + text.substring(head.end());
    }
    Matcher column = COLUMN.matcher(text);
    if (column.lookingAt()) {
      boolean drops = column.group(4).equalsIgnoreCase("DROP");
      String unless = drops ? "IF EXISTS " : "IF NOT EXISTS ";
      return column.group() + unless + text.substring(column.end());
    }
    return text;
  }

  /// The same for another keyspace, and for a table with an id of its own.
  Statement in(String other) {
    List<int[]> names = new ArrayList<>();
    names.add(placeOfKeyspace());
    if (kind.equals(Kind.VIEW)) {
      Matcher from = VIEW_OF.matcher(text);
      if (from.find() && from.group(1) != null) {
        names.add(new int[] {from.start(1), from.end(1)});
      }
    }
    StringBuilder moved = new StringBuilder(text);
    for (int[] place : names.reversed()) {
      moved.replace(place[0], place[1], '"' + other + '"');
    }
    String called = kind.equals(Kind.KEYSPACE) ? other : name;
    return new Statement(kind, other, called, withoutId(moved.toString()));
  }

  private int[] placeOfKeyspace() {
    for (Pattern pattern : kind.equals(Kind.TABLE) ? List.of(MAKES, ALTERS) : List.of(ON, MAKES)) {
      Matcher m = pattern.matcher(text);
      int group = pattern == ON || kind.equals(Kind.KEYSPACE) ? 3 : 2;
      if (m.lookingAt() && m.group(group) != null) {
        return new int[] {m.start(group), m.end(group)};
      }
    }
    throw new IllegalStateException("no keyspace in " + text);
  }

  /// Two tables cannot have one id.
  private static String withoutId(String text) {
    Matcher m = ID.matcher(text);
    if (!m.find()) {
      return text;
    }
    String and = m.group(1);
    return text.substring(0, m.start()) + (and == null ? "" : "WITH ") + text.substring(m.end());
  }
}
