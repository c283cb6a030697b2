package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.task.Report;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// Sees to it that a running standby asks our spool for WAL, which it can be told while it runs.
///
/// Each look compares what the server uses with what it should use; a difference is told to the
/// server and seen to have taken effect by a later look. Where the server cannot be told, a note
/// says so once, and the feed goes on: the standby may still get what it wants from its primary.
/// For one thread.
final class ArchiveSetting {
  private final String wanted;
  private final Report report;
  private boolean told;
  private boolean settled;
  private boolean complained;

  /// @param wanted the `restore_command` that asks the spool
  ArchiveSetting(String wanted, Report report) {
    this.wanted = wanted;
    this.report = report;
  }

  /// Looks once at a server that is in recovery, over a session outside a transaction.
  void look(Connection connection) throws SQLException {
    if (settled) {
      return;
    }
    String used = text(connection, "SHOW restore_command");
    if (used.equals(wanted)) {
      settled = true;
      if (told) {
        report.note("the server asks for WAL with: " + wanted);
      }
    } else if (!told) {
      told = true;
      tell(connection, used);
    } else if (!complained) {
      complained = true;
      report.note(
          "the server has not taken the restore_command over yet; it uses "
              + shown(used)
              + ". One on its command line cannot be changed while it runs");
    }
  }

  private void tell(Connection connection, String used) {
    try {
      String change;
      try (PreparedStatement quote =
          connection.prepareStatement(
              "SELECT pg_catalog.format('ALTER SYSTEM SET restore_command = %L', ?::text)")) {
        quote.setString(1, wanted);
        try (ResultSet row = quote.executeQuery()) {
          row.next();
          change = row.getString(1);
        }
      }
      try (Statement statement = connection.createStatement()) {
        statement.execute(change);
      }
      String _ = text(connection, "SELECT pg_reload_conf()::text");
      report.note("the server's restore_command was " + shown(used) + ": it is told ours");
    } catch (SQLException e) {
      settled = true;
      report.note(
          "the server does not ask the vault for WAL, its restore_command is %s: %s; as a superuser:"
                  .formatted(shown(used), e.getMessage())
              + " ALTER SYSTEM SET restore_command, then pg_reload_conf()");
    }
  }

  private static String shown(String command) {
    return command.isEmpty() ? "empty" : command;
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? String.valueOf(row.getString(1)) : "";
    }
  }
}
