package dev.chrysalis.postgres.agent.server;

import dev.chrysalis.model.MemberId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/// The replication slot by which a primary keeps WAL for one standby, so that a standby that is
/// away for a while need not be rebuilt. How much is kept at most is the server's own setting,
/// `max_slot_wal_keep_size`; a slot does not follow a promotion, so each rebuild makes its own.
public final class StandbySlot {
  private static final String DUPLICATE_OBJECT = "42710";

  private StandbySlot() {}

  /// The name of a standby's slot: `chrysalis_standby_postgres_1`.
  public static String nameFor(MemberId standby) {
    return "chrysalis_standby_" + standby.toString().replace('-', '_');
  }

  /// Makes the slot on a primary, with WAL kept from now on, where it is not there or has lost its
  /// WAL. May be repeated. Fails as the server does: no free slot, no right to make one.
  public static void make(Connection primary, String name) throws SQLException {
    run(
        primary,
        "select pg_catalog.pg_drop_replication_slot(slot_name)"
            + " from pg_catalog.pg_replication_slots where slot_name = ? and not active"
            + " and (restart_lsn is null or wal_status in ('unreserved', 'lost'))",
        name);
    try {
      run(
          primary,
          "select pg_catalog.pg_create_physical_replication_slot(s.name, true)"
              + " from (select ?::name as name) s where not exists"
              + " (select from pg_catalog.pg_replication_slots where slot_name = s.name)",
          name);
    } catch (SQLException e) {
      // Another one made it in the same moment.
      if (!DUPLICATE_OBJECT.equals(e.getSQLState())) {
        throw e;
      }
    }
  }

  private static void run(Connection primary, String sql, String name) throws SQLException {
    try (PreparedStatement statement = primary.prepareStatement(sql)) {
      statement.setString(1, name);
      statement.execute();
    }
  }
}
