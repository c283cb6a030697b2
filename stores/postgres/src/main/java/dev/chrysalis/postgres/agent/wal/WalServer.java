package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.server.ServerConnection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyDual;

/// A server as the shipper uses it: an ordinary session and a replication session. For one thread.
final class WalServer implements AutoCloseable {
  /// undefined_file: the WAL asked for is gone.
  private static final String WAL_REMOVED = "58P01";

  private static final int GUARD_MILLIS = 30_000;

  private final ServerConnection address;
  private final Connection session;
  private final Connection replication;

  private WalServer(ServerConnection address, Connection session, Connection replication) {
    this.address = address;
    this.session = session;
    this.replication = replication;
  }

  static WalServer open(ServerConnection address) {
    Connection session = address.open();
    try {
      return new WalServer(address, session, address.openReplication());
    } catch (ChrysalisException e) {
      quietlyClose(session);
      throw e;
    }
  }

  record Identity(long system, boolean standby, int timeline, long segmentBytes, int version) {}

  record Slot(boolean lost, Optional<Lsn> restart) {}

  Identity identify() {
    // The role comes first: a promotion after it shows as a standby, which is looked at again.
    boolean standby = inRecovery();
    try (Statement statement = replication.createStatement();
        ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
      row.next();
      long system = Long.parseUnsignedLong(row.getString("systemid"));
      int timeline = row.getInt("timeline");
      return new Identity(
          system,
          standby,
          timeline,
          segmentBytes(),
          session.getMetaData().getDatabaseMajorVersion());
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  boolean inRecovery() {
    return text("select pg_is_in_recovery()").equals("t");
  }

  private long segmentBytes() {
    return Long.parseLong(
        text("select setting from pg_catalog.pg_settings where name = 'wal_segment_size'"));
  }

  /// The end of the flushed WAL of a primary, or what a standby has replayed.
  Lsn position() {
    return Lsn.parse(
        text(
            "select case when pg_is_in_recovery() then pg_last_wal_replay_lsn()"
                + " else pg_current_wal_flush_lsn() end"));
  }

  TimelineHistory history(int timeline) {
    if (timeline == 1) {
      return TimelineHistory.first(1);
    }
    try (Statement statement = replication.createStatement();
        ResultSet row = statement.executeQuery("TIMELINE_HISTORY " + timeline)) {
      row.next();
      return TimelineHistory.parse(timeline, row.getString(2));
    } catch (SQLException e) {
      if (WAL_REMOVED.equals(e.getSQLState())) {
        // A cluster may begin on a later timeline: pg_resetwal, or a tool that left no history.
        return TimelineHistory.first(timeline);
      }
      throw failed(e);
    }
  }

  /// The state of a physical slot; empty where there is none.
  Optional<Slot> slot(String name) {
    String sql =
        "select coalesce(wal_status, 'lost') = 'lost', restart_lsn::text"
            + " from pg_catalog.pg_replication_slots where slot_name = ?";
    try (PreparedStatement statement = session.prepareStatement(sql)) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Slot(row.getBoolean(1), Optional.ofNullable(row.getString(2)).map(Lsn::parse)))
            : Optional.empty();
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  void createSlot(String name) {
    call("select pg_catalog.pg_create_physical_replication_slot(?, true, false)", name);
  }

  void dropSlot(String name) {
    call("select pg_catalog.pg_drop_replication_slot(?)", name);
  }

  /// Lets go of WAL that a slot keeps before a position; never moves it back.
  void advanceSlot(String name, Lsn to) {
    String sql =
        "select pg_catalog.pg_replication_slot_advance(slot_name, ?::pg_lsn)"
            + " from pg_catalog.pg_replication_slots"
            + " where slot_name = ? and restart_lsn < ?::pg_lsn and not active";
    call(sql, to.toString(), name, to.toString());
  }

  /// Begins to stream; the server's refusal may come here or with the first read.
  CopyDual stream(String slot, int timeline, Lsn from) {
    try {
      // A half-dead network, or a server that waits for us, must not hold the shipper for ever.
      replication.setNetworkTimeout(Runnable::run, GUARD_MILLIS);
      return replication
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyDual(
              "START_REPLICATION SLOT %s PHYSICAL %s TIMELINE %d".formatted(slot, from, timeline));
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  ChrysalisException failed(SQLException e) {
    if (WAL_REMOVED.equals(e.getSQLState())) {
      return new ChrysalisException(
          PostgresErrors.WAL_MISSING,
          "The server at %s no longer has the WAL: %s"
              .formatted(address.server().host(), e.getMessage()),
          "make a new base backup; raise max_slot_wal_keep_size if a slot was lost",
          e);
    }
    return address.translated(e);
  }

  private String text(String sql) {
    try (Statement statement = session.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? String.valueOf(row.getString(1)) : "";
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private void call(String sql, String... arguments) {
    try (PreparedStatement statement = session.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setString(i + 1, arguments[i]);
      }
      statement.execute();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    // The stream is cut, not ended: the server keeps what was not reported as flushed.
    abort(replication);
    quietlyClose(session);
  }

  private static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // It is gone either way.
      quietlyClose(connection);
    }
  }

  private static void quietlyClose(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // Nothing more can be done with a session that cannot be closed: its socket is dead.
      return;
    }
  }
}
