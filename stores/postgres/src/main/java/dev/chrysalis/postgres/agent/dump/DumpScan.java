package dev.chrysalis.postgres.agent.dump;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.PostgresErrors;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Follows a plain dump line by line: knows which lines are rows of a table, counts them, and
/// gathers the names of roles. The form is that of `pg_dump --format=plain`, versions 9 to 18: rows
/// stand between `COPY … FROM stdin;` and `\.`, and the last words are "dump complete".
final class DumpScan {
  private static final byte[] END_OF_ROWS = {'\\', '.'};
  private static final byte[] RESTRICT = "\\restrict ".getBytes(UTF_8);
  private static final byte[] UNRESTRICT = "\\unrestrict ".getBytes(UTF_8);
  private static final byte[] BYTES = "SET client_encoding = 'SQL_ASCII'".getBytes(UTF_8);
  private static final String NAMING_ROLES = "ACGRS";
  private static final byte[] CONNECT = "\\connect ".getBytes(UTF_8);
  private static final byte[] COMPLETE = "-- PostgreSQL database dump complete".getBytes(UTF_8);
  private static final byte[] FROM = "-- Dumped from database version ".getBytes(UTF_8);
  private static final byte[] COPY = "COPY ".getBytes(UTF_8);

  private static final String NAME = "(\"(?:[^\"]|\"\")+\"|[a-z_][a-z0-9_$]*)";
  private static final Pattern ROWS =
      Pattern.compile("COPY ((?:" + NAME + "\\.)?" + NAME + ") .*FROM stdin;\\s*");
  private static final Pattern OWNER =
      Pattern.compile(
          "ALTER .* OWNER TO "
              + NAME
              + ";\\s*"
              + "|ALTER DEFAULT PRIVILEGES FOR ROLE "
              + NAME
              + " .* (?:TO|FROM) "
              + NAME
              + ";\\s*"
              + "|CREATE USER MAPPING FOR "
              + NAME
              + " SERVER .*"
              + "|CREATE POLICY .* TO "
              + NAME
              + "(?:, "
              + NAME
              + ")*(?: USING .*| WITH .*|;\\s*)"
              + "|SET SESSION AUTHORIZATION '?"
              + NAME
              + "'?;\\s*",
          Pattern.DOTALL);
  private static final Pattern GRANTEE =
      Pattern.compile("(?:GRANT|REVOKE) .* (?:TO|FROM) " + NAME + ".*;\\s*", Pattern.DOTALL);
  private static final int LONGEST_STATEMENT = 16 * 1024;
  private static final int LONGEST_TOLD = 80;
  private static final String ANOTHER_DUMP =
      "see whether another one is whole: chrysalis restore-points --dumps";

  /// How a line is to be treated.
  enum Line {
    /// It belongs to the database.
    SQL,
    /// It speaks to the client that reads the dump, and is left out.
    CLIENT
  }

  private final Map<String, Long> rows = new TreeMap<>();
  private final Set<String> roles = new TreeSet<>();
  private String version = "";
  private String table = "";
  private long tableRows;
  private boolean inStatements;
  private boolean complete;
  private Line last = Line.SQL;

  /// Looks at a line, or at a further part of a long one, which is treated as its beginning was.
  Line see(byte[] bytes, int offset, int length, boolean begins) {
    if (begins) {
      last = table.isEmpty() ? statement(bytes, offset, length) : row(bytes, offset, length);
    }
    return last;
  }

  private Line row(byte[] bytes, int offset, int length) {
    if (length <= 4
        && DumpLines.startsWith(bytes, offset, length, END_OF_ROWS)
        && new String(bytes, offset, length, UTF_8).strip().equals("\\.")) {
      rows.merge(table, tableRows, Long::sum);
      table = "";
    } else {
      tableRows++;
    }
    return Line.SQL;
  }

  private Line statement(byte[] bytes, int offset, int length) {
    byte first = bytes[offset];
    if (first == '\\') {
      return client(bytes, offset, length);
    }
    if (first == 'C' && DumpLines.startsWith(bytes, offset, length, COPY)) {
      beginRows(text(bytes, offset, length));
    } else if (DumpLines.startsWith(bytes, offset, length, BYTES)) {
      throw unusable(
          "its texts have no encoding (SQL_ASCII), and the new cluster has UTF-8",
          "restore it by hand into a cluster of that encoding");
    } else if (NAMING_ROLES.indexOf(first) >= 0) {
      gatherRoles(text(bytes, offset, Math.min(length, LONGEST_STATEMENT)));
    } else if (first == '-') {
      comment(bytes, offset, length);
    }
    inStatements |= first != '-' && first != '\n' && first != '\r';
    return Line.SQL;
  }

  /// Newer dumps begin and end with a word that keeps psql from doing anything but SQL between
  /// them; the restore has its own. A dump of more than one database cannot be one transaction.
  private Line client(byte[] bytes, int offset, int length) {
    boolean begins = !inStatements && DumpLines.startsWith(bytes, offset, length, RESTRICT);
    boolean ends = complete && DumpLines.startsWith(bytes, offset, length, UNRESTRICT);
    if (begins || ends) {
      return Line.CLIENT;
    }
    if (DumpLines.startsWith(bytes, offset, length, CONNECT)) {
      throw unusable(
          "it goes on to another database: "
              + text(bytes, offset, Math.min(length, LONGEST_TOLD)).strip(),
          "restore a plain dump of one database, made by pg_dump without --create");
    }
    return Line.SQL;
  }

  private void beginRows(String line) {
    Matcher m = ROWS.matcher(line);
    if (m.matches()) {
      table = m.group(1);
      tableRows = 0;
    }
  }

  private void comment(byte[] bytes, int offset, int length) {
    if (DumpLines.startsWith(bytes, offset, length, FROM)) {
      version = text(bytes, offset + FROM.length, length - FROM.length).strip();
    } else if (DumpLines.startsWith(bytes, offset, length, COMPLETE)) {
      complete = true;
    }
  }

  private void gatherRoles(String line) {
    for (Pattern pattern : new Pattern[] {OWNER, GRANTEE}) {
      Matcher m = pattern.matcher(line);
      if (m.matches()) {
        for (int group = 1; group <= m.groupCount(); group++) {
          String name = m.group(group);
          if (name != null && !name.equals("PUBLIC") && !name.equals("public")) {
            roles.add(plain(name));
          }
        }
      }
    }
  }

  /// A name as SQL writes it, without its quotes.
  private static String plain(String name) {
    return name.startsWith("\"")
        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
        : name;
  }

  /// What was found; `DUMP_UNUSABLE` where the dump's end is missing.
  DumpContents end(long bytes, String sha256) {
    if (!table.isEmpty()) {
      throw unusable("it breaks off within the rows of " + table, ANOTHER_DUMP);
    }
    if (!complete) {
      throw unusable(
          "its last line, \"PostgreSQL database dump complete\", is missing", ANOTHER_DUMP);
    }
    if (rows.isEmpty()) {
      throw unusable(
          "it has no rows that could be counted (COPY)",
          "it is of an empty database, or was made with --inserts or --schema-only: restore it by"
              + " hand");
    }
    return new DumpContents(rows, roles, version, bytes, sha256);
  }

  private static ChrysalisException unusable(String what, String hint) {
    return new ChrysalisException(
        PostgresErrors.DUMP_UNUSABLE, "the dump cannot be restored: " + what, hint);
  }

  private static String text(byte[] bytes, int offset, int length) {
    return new String(bytes, offset, length, UTF_8);
  }
}
