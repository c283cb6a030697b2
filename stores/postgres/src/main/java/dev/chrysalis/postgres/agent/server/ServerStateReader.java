package dev.chrysalis.postgres.agent.server;

import dev.chrysalis.postgres.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Asks a server for its state. The questions are those of PostgreSQL 15 and later; each is a short
/// catalogue or shared-memory query that reads no table of the owner's.
public final class ServerStateReader {
  /// The settings that matter to a recovery.
  public static final List<String> SETTINGS =
      List.of(
          "archive_command",
          "archive_library",
          "archive_mode",
          "config_file",
          "data_checksums",
          "data_directory",
          "full_page_writes",
          "hba_file",
          "hot_standby",
          "ident_file",
          "max_connections",
          "max_locks_per_transaction",
          "max_prepared_transactions",
          "max_replication_slots",
          "max_slot_wal_keep_size",
          "max_wal_senders",
          "max_worker_processes",
          "primary_slot_name",
          "server_version",
          "synchronous_commit",
          "synchronous_standby_names",
          "wal_keep_size",
          "wal_level",
          "wal_segment_size",
          "wal_sender_timeout");

  /// Of the collations that are in the database of the session.
  private static final String STALE_COLLATIONS =
      """
      SELECT format('database %s: %s, now %s', datname, datcollversion, actual)
        FROM (SELECT datname, datcollversion, pg_database_collation_actual_version(oid) AS actual
                FROM pg_database WHERE datallowconn) d
       WHERE datcollversion <> actual
       UNION ALL
      SELECT format('%s collations of %s: %s, now %s',
                    count(*), current_database(), collversion, actual)
        FROM (SELECT collversion, pg_collation_actual_version(oid) AS actual FROM pg_collation) c
       WHERE collversion <> actual GROUP BY collversion, actual
       ORDER BY 1 LIMIT 20
      """;

  private static final String CONFIGURATION_FILES =
      "SELECT DISTINCT sourcefile FROM pg_settings WHERE sourcefile IS NOT NULL ORDER BY 1";

  private static final String CORE =
      """
      SELECT pg_is_in_recovery() AS standby,
             (SELECT system_identifier::numeric FROM pg_control_system()) AS system_identifier,
             current_setting('server_version_num')::int AS version,
             c.timeline_id AS checkpoint_timeline,
             r.min_recovery_end_timeline AS recovery_timeline,
             has_function_privilege('pg_catalog.pg_ls_waldir()', 'EXECUTE') AS lists_wal,
             (SELECT received_tli FROM pg_stat_wal_receiver) AS received_timeline,
             CASE WHEN pg_is_in_recovery() THEN NULL
                  ELSE substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) END
               AS written_timeline,
             CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_current_wal_lsn() END AS written,
             CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_current_wal_flush_lsn() END AS flushed,
             pg_last_wal_receive_lsn() AS received,
             CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() END AS replayed,
             CASE WHEN pg_is_in_recovery() THEN pg_get_wal_replay_pause_state() = 'paused'
                  ELSE false END AS paused,
             coalesce((extract(epoch FROM pg_last_xact_replay_timestamp()) * 1000)::bigint, -1)
               AS last_commit
        FROM pg_control_checkpoint() c, pg_control_recovery() r
      """;

  private ServerStateReader() {}

  /// Reads the state over an open session.
  public static ServerState read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(CORE)) {
      row.next();
      boolean standby = row.getBoolean("standby");
      Lsn received = lsn(row, "received").orElse(new Lsn(0));
      Lsn replayed = lsn(row, "replayed").orElse(new Lsn(0));
      Lsn furthest = received.compareTo(replayed) > 0 ? received : replayed;
      Lsn written = lsn(row, "written").orElse(furthest);
      return new ServerState(
          standby ? ServerState.Role.STANDBY : ServerState.Role.PRIMARY,
          systemIdentifier(row),
          row.getInt("version"),
          standby
              ? standbyTimeline(row, connection, furthest)
              : Integer.parseInt(row.getString("written_timeline"), 16),
          written,
          lsn(row, "flushed").orElse(furthest),
          standby ? replayed : written,
          row.getBoolean("paused"),
          row.getLong("last_commit"),
          receiver(connection),
          replicas(connection, written),
          slots(connection, written),
          tablespaces(connection),
          settings(connection),
          collations(connection),
          list(connection, STALE_COLLATIONS),
          list(connection, CONFIGURATION_FILES));
    }
  }

  private static String systemIdentifier(ResultSet row) throws SQLException {
    // The server shows its unsigned identifier as a signed bigint.
    return Long.toUnsignedString(row.getLong("system_identifier"));
  }

  /// The control file learns of a timeline at a restart point only, and the receiver is gone with
  /// its primary; what was received lies in files that bear the timeline's number.
  private static int standbyTimeline(ResultSet row, Connection connection, Lsn furthest)
      throws SQLException {
    int received = row.getInt("received_timeline");
    int recovered = Math.max(row.getInt("recovery_timeline"), row.getInt("checkpoint_timeline"));
    int known = Math.max(received, recovered);
    return row.getBoolean("lists_wal")
        ? Math.max(known, timelineOnDisk(connection, furthest))
        : known;
  }

  /// The newest timeline of which the segment file is there that holds the last byte before `end`;
  /// 0 where there is none.
  private static int timelineOnDisk(Connection connection, Lsn end) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            WITH last AS (SELECT ((?::pg_lsn - '0/0') - 1)::bigint / bytes_per_wal_segment AS segment,
                                 4294967296 / bytes_per_wal_segment AS per
                            FROM pg_control_init())
            SELECT coalesce(max(('x' || substr(name, 1, 8))::bit(32)::int), 0)
              FROM pg_ls_waldir(), last
             WHERE name ~ '^[0-9A-F]{24}$'
               AND substr(name, 9) = upper(lpad(to_hex(segment / per), 8, '0')
                                           || lpad(to_hex(segment % per), 8, '0'))
            """)) {
      statement.setString(1, end.toString());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  private static Optional<Lsn> lsn(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column)).map(Lsn::parse);
  }

  private static Optional<ReceiverState> receiver(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT coalesce(status, '') AS status, coalesce(sender_host, '') AS sender_host,
                       coalesce(sender_port, 0) AS sender_port, coalesce(slot_name, '') AS slot
                  FROM pg_stat_wal_receiver WHERE pid IS NOT NULL
                """)) {
      if (!row.next()) {
        return Optional.empty();
      }
      return Optional.of(
          new ReceiverState(
              row.getString("status"),
              row.getString("sender_host"),
              row.getInt("sender_port"),
              row.getString("slot")));
    }
  }

  private static List<ReplicaState> replicas(Connection connection, Lsn end) throws SQLException {
    List<ReplicaState> replicas = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT coalesce(application_name, '') AS application,
                       coalesce(host(client_addr), '') AS address, coalesce(state, '') AS state,
                       coalesce(sync_state, '') AS sync, coalesce(replay_lsn, flush_lsn) AS reached
                  FROM pg_stat_replication ORDER BY 1, 2
                """)) {
      while (row.next()) {
        replicas.add(
            new ReplicaState(
                row.getString("application"),
                row.getString("address"),
                row.getString("state"),
                row.getString("sync"),
                lsn(row, "reached").map(l -> Math.max(0, end.minus(l))).orElse(-1L)));
      }
    }
    return replicas;
  }

  private static List<SlotState> slots(Connection connection, Lsn end) throws SQLException {
    List<SlotState> slots = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT slot_name, slot_type, active, restart_lsn,
                       coalesce(wal_status, '') AS wal_status
                  FROM pg_replication_slots ORDER BY slot_name
                """)) {
      while (row.next()) {
        Optional<Lsn> restart = lsn(row, "restart_lsn");
        slots.add(
            new SlotState(
                row.getString("slot_name"),
                row.getString("slot_type"),
                row.getBoolean("active"),
                restart.map(Lsn::toString).orElse(""),
                row.getString("wal_status"),
                restart.map(l -> Math.max(0, end.minus(l))).orElse(-1L)));
      }
    }
    return slots;
  }

  private static List<TablespaceState> tablespaces(Connection connection) throws SQLException {
    List<TablespaceState> tablespaces = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT oid, spcname, pg_tablespace_location(oid) AS location
                  FROM pg_tablespace WHERE pg_tablespace_location(oid) <> '' ORDER BY oid
                """)) {
      while (row.next()) {
        tablespaces.add(
            new TablespaceState(
                row.getLong("oid"), row.getString("spcname"), row.getString("location")));
      }
    }
    return tablespaces;
  }

  private static Map<String, String> settings(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT name, coalesce(setting, '') FROM pg_settings WHERE name = ANY (?)")) {
      statement.setArray(1, connection.createArrayOf("text", SETTINGS.toArray()));
      return pairs(statement);
    }
  }

  private static Map<String, String> collations(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT CASE provider WHEN 'c' THEN 'libc' ELSE 'icu' END, max(version) FROM (
              SELECT provider, pg_collation_actual_version(oid) AS version
                FROM (SELECT DISTINCT ON (collprovider) collprovider AS provider, oid
                        FROM pg_collation
                       WHERE collname !~ '^(C|POSIX|default|ucs_basic)(\\.|$)') one
               UNION ALL
              SELECT datlocprovider, pg_database_collation_actual_version(oid) FROM pg_database) v
             WHERE provider IN ('c', 'i') AND version IS NOT NULL GROUP BY 1
            """)) {
      return pairs(statement);
    }
  }

  private static List<String> list(Connection connection, String query) throws SQLException {
    List<String> list = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      while (row.next()) {
        list.add(row.getString(1));
      }
    }
    return list;
  }

  private static Map<String, String> pairs(PreparedStatement statement) throws SQLException {
    Map<String, String> pairs = new TreeMap<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        pairs.put(row.getString(1), row.getString(2));
      }
    }
    return pairs;
  }
}
