package dev.chrysalis.cassandra.agent.load;

import java.util.Comparator;
import java.util.regex.Pattern;

/// A table of a keyspace.
public record TableName(String keyspace, String table) implements Comparable<TableName> {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]{1,222}");
  private static final Comparator<TableName> ORDER =
      Comparator.comparing(TableName::keyspace).thenComparing(TableName::table);

  public TableName {
    if (!isName(keyspace) || !isName(table)) {
      throw new IllegalArgumentException("not a table: " + keyspace + "." + table);
    }
  }

  /// Whether a keyspace or table can have that name.
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /// Reads `keyspace.table`; `IllegalArgumentException` where it is none.
  public static TableName parse(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException("not KEYSPACE.TABLE: " + text);
    }
    return new TableName(parts[0], parts[1]);
  }

  /// Whether it is one of the server's own.
  boolean isOfServer() {
    return isOfServer(keyspace);
  }

  /// Whether a keyspace is one of the server's own.
  static boolean isOfServer(String keyspace) {
    return keyspace.equals("system") || keyspace.startsWith("system_");
  }

  /// Whether it tells who may do what.
  boolean isOfRoles() {
    return keyspace.equals("system_auth");
  }

  TableName in(String other) {
    return new TableName(other, table);
  }

  @Override
  public int compareTo(TableName other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return keyspace + "." + table;
  }
}
