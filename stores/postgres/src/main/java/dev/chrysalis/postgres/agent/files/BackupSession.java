package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.server.ServerConnection;
import dev.chrysalis.postgres.agent.server.ServerState;
import dev.chrysalis.postgres.agent.server.ServerStateReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

/// The server's side of a base backup: one session from `pg_backup_start` to `pg_backup_stop`, with
/// all time-outs that could end it switched off. Closing it before the stop ends the backup on the
/// server without a trace. For one thread.
final class BackupSession implements AutoCloseable {
  private final Connection connection;
  private final ServerState state;

  BackupSession(ServerConnection server) {
    connection = server.open();
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_session_timeout = 0");
      state = ServerStateReader.read(connection);
    } catch (SQLException e) {
      close();
      throw failed("cannot read the server's state", e);
    }
  }

  /// The server's state when the session was opened.
  ServerState state() {
    return state;
  }

  /// Begins the backup; returns where its recovery will begin.
  ///
  /// @param fast whether the checkpoint is made at once rather than spread over time
  Lsn start(String label, boolean fast) {
    try (PreparedStatement call =
        connection.prepareStatement("SELECT pg_backup_start(?, fast => ?)")) {
      call.setString(1, label);
      call.setBoolean(2, fast);
      try (ResultSet row = call.executeQuery()) {
        row.next();
        return Lsn.parse(row.getString(1));
      }
    } catch (SQLException e) {
      throw failed("PostgreSQL does not begin a backup", e);
    }
  }

  /// Ends the backup. `PROMOTED_MEANWHILE` where a standby has become a primary since the start.
  Stopped stop() {
    refusePromoted();
    try (Statement call = connection.createStatement();
        ResultSet row =
            call.executeQuery(
                "SELECT lsn, labelfile, coalesce(spcmapfile, '') AS map, clock_timestamp() AS at"
                    + " FROM pg_backup_stop(wait_for_archive => false)")) {
      row.next();
      Lsn lsn = Lsn.parse(row.getString("lsn"));
      Instant at = row.getTimestamp("at").toInstant();
      return new Stopped(lsn, row.getString("labelfile"), row.getString("map"), at, timeline());
    } catch (SQLException e) {
      refusePromoted();
      throw failed("PostgreSQL does not end the backup", e);
    }
  }

  private int timeline() throws SQLException {
    if (state.role() == ServerState.Role.PRIMARY) {
      return state.timeline();
    }
    try (Statement query = connection.createStatement();
        ResultSet row =
            query.executeQuery("SELECT min_recovery_end_timeline FROM pg_control_recovery()")) {
      row.next();
      return Math.max(row.getInt(1), state.timeline());
    }
  }

  private void refusePromoted() {
    if (state.role() == ServerState.Role.STANDBY && !isInRecovery()) {
      throw new ChrysalisException(
          PostgresErrors.PROMOTED_MEANWHILE,
          "the standby became a primary during its backup",
          "start the backup again");
    }
  }

  private boolean isInRecovery() {
    try (Statement query = connection.createStatement();
        ResultSet row = query.executeQuery("SELECT pg_is_in_recovery()")) {
      row.next();
      return row.getBoolean(1);
    } catch (SQLException e) {
      throw failed("the server was lost during the backup", e);
    }
  }

  private static ChrysalisException failed(String what, SQLException e) {
    return new ChrysalisException(
        PostgresErrors.BACKUP_FAILED,
        what + ": " + e.getMessage(),
        "see the server's log; the backup user needs the right to run pg_backup_start",
        e);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failed("cannot close the backup's session", e);
    }
  }

  /// What the server says at the end of a backup.
  ///
  /// @param lsn up to where WAL is needed before the backup is consistent
  /// @param label the content of `backup_label`
  /// @param tablespaceMap the content of `tablespace_map`; empty without tablespaces
  /// @param at by the server's clock
  /// @param timeline of `lsn`
  record Stopped(Lsn lsn, String label, String tablespaceMap, Instant at, int timeline) {}
}
