package dev.chrysalis.postgres.agent.server;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.CopyProgress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The extensions of a server's databases. Their files lie with the server's programs, in no data
/// directory, and so in no backup: one that is restored elsewhere needs them there.
public final class Extensions {
  private static final String DATABASES =
      "SELECT datname FROM pg_database WHERE datallowconn ORDER BY 1";
  private static final String ALL = "SELECT extname, extversion FROM pg_extension ORDER BY 1";

  private static final String WITHOUT_FILES =
      """
      SELECT extname FROM pg_extension e
       WHERE NOT EXISTS (SELECT FROM pg_available_extensions a WHERE a.name = e.extname) ORDER BY 1
      """;

  private Extensions() {}

  /// All of them, with their versions: several, with commas, where databases differ. What cannot be
  /// asked is told as a note: this fails no backup.
  public static Map<String, String> of(ServerConnection server, CopyProgress progress) {
    Map<String, String> all = new TreeMap<>();
    try {
      for (String database : databases(server)) {
        add(all, server.to(database), database, progress);
      }
    } catch (SQLException | ChrysalisException e) {
      progress.note("which extensions there are is not known: " + e.getMessage());
    }
    return all;
  }

  private static void add(
      Map<String, String> all, ServerConnection server, String database, CopyProgress progress) {
    try (Connection connection = server.open();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(ALL)) {
      while (row.next()) {
        all.merge(row.getString(1), row.getString(2), Extensions::both);
      }
    } catch (SQLException | ChrysalisException e) {
      progress.note("the extensions of %s are not known: %s".formatted(database, e.getMessage()));
    }
  }

  private static String both(String versions, String other) {
    return List.of(versions.split(",", -1)).contains(other) ? versions : versions + "," + other;
  }

  private static List<String> databases(ServerConnection server) throws SQLException {
    try (Connection connection = server.open()) {
      return names(connection, DATABASES);
    }
  }

  /// Those of the session's database for which the server has no files.
  public static List<String> withoutFiles(Connection connection) throws SQLException {
    return names(connection, WITHOUT_FILES);
  }

  private static List<String> names(Connection connection, String query) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      while (row.next()) {
        names.add(row.getString(1));
      }
    }
    return names;
  }
}
