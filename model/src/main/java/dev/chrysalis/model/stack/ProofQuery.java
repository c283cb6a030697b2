package dev.chrysalis.model.stack;

import java.util.regex.Pattern;

/// A question that a restored database must answer with true: one row, whose first column is that.
///
/// @param name what reports call it
/// @param database the database that is asked
/// @param sql one SELECT, WITH, VALUES or TABLE; run in a read-only transaction
public record ProofQuery(String name, String database, String sql) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,40}");
  private static final Pattern READING =
      Pattern.compile(
          "\\s*(select|with|values|table)\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  public ProofQuery {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("must be a plain name: small letters, digits, hyphens");
    }
    if (database.isEmpty() || database.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("must name a database");
    }
    reading(sql);
  }

  /// A statement that only reads, as it is; `IllegalArgumentException` for any other.
  public static String reading(String sql) {
    if (!READING.matcher(sql).matches() || sql.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("must be one SELECT, WITH, VALUES or TABLE");
    }
    return sql;
  }
}
