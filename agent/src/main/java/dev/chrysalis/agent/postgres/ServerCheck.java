package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.task.Finding;
import dev.chrysalis.postgres.agent.server.ServerState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// Looks for what would hurt in a recovery, or keep a backup from being one. Reads only.
final class ServerCheck {
  private static final String RIGHTS =
      """
      SELECT rolsuper OR rolreplication AS replication,
             has_function_privilege(current_user, 'pg_catalog.pg_backup_start(text,boolean)', 'EXECUTE')
               AND has_function_privilege(current_user, 'pg_catalog.pg_backup_stop(boolean)', 'EXECUTE')
               AS backup,
             has_function_privilege(current_user, 'pg_catalog.pg_promote(boolean,integer)', 'EXECUTE')
               AND has_function_privilege(current_user, 'pg_catalog.pg_wal_replay_resume()', 'EXECUTE')
               AS recovery,
             has_function_privilege(current_user, 'pg_catalog.pg_ls_waldir()', 'EXECUTE') AS wal
        FROM pg_catalog.pg_roles WHERE rolname = current_user
      """;

  private final List<Finding> findings = new ArrayList<>();

  List<Finding> of(ServerState state, Connection connection) throws SQLException {
    checkWal(state);
    checkSlots(state);
    if (!state.dataChecksums()) {
      warning("pages carry no checksums", "damage is copied unseen: pg_checksums --enable");
    }
    if (state.majorVersion() < 15) {
      error("version " + state.majorVersion() + " is too old", "upgrade to one of 15 to 18");
    }
    checkRights(connection);
    return List.copyOf(findings);
  }

  private void checkWal(ServerState state) {
    if (state.setting("wal_level").equals("minimal")) {
      error("wal_level is minimal", "set wal_level = replica and restart the server");
    }
    if (state.setting("full_page_writes").equals("off")) {
      error("full_page_writes is off", "a torn page cannot be restored: set it to on");
    }
    if (number(state, "max_wal_senders") < 2) {
      error("max_wal_senders is below 2", "log shipping needs one: set it to 10");
    }
    if (state.setting("synchronous_commit").equals("off")) {
      warning("synchronous_commit is off", "the newest commits are lost in any crash");
    }
  }

  private void checkSlots(ServerState state) {
    if (number(state, "max_replication_slots") < 1) {
      error("max_replication_slots is 0", "log shipping needs one: set it to 10");
    }
    if (number(state, "max_slot_wal_keep_size") < 0) {
      error(
          "max_slot_wal_keep_size is unlimited",
          "when shipping stands still the WAL fills the volume: set it to what the volume spares");
    }
    state.slots().stream()
        .filter(slot -> slot.walStatus().equals("lost"))
        .forEach(
            slot -> error("slot " + slot.name() + " is lost", "take a new base backup, drop it"));
  }

  private void checkRights(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(RIGHTS)) {
      row.next();
      require(row.getBoolean("replication"), "REPLICATION", "log shipping");
      require(row.getBoolean("backup"), "pg_backup_start and pg_backup_stop", "a backup");
      require(row.getBoolean("recovery"), "pg_promote and pg_wal_replay_resume", "a recovery");
      require(row.getBoolean("wal"), "pg_ls_waldir (pg_monitor)", "telling a standby's timeline");
    }
  }

  private void require(boolean granted, String right, String what) {
    if (!granted) {
      error("the role lacks " + right, "grant it: it is needed for " + what);
    }
  }

  private static long number(ServerState state, String setting) {
    String value = state.setting(setting);
    return value.isEmpty() ? 0 : Long.parseLong(value);
  }

  private void error(String text, String hint) {
    findings.add(new Finding(true, text, hint));
  }

  private void warning(String text, String hint) {
    findings.add(new Finding(false, text, hint));
  }
}
