package dev.butterfly.perception;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The table `rims`. It is created when the first write finds it missing, so that the service may
/// start before its database does and goes on after a restore to a time before the table. Safe for
/// many threads and many services at once.
final class RimTable {
  private static final String UNDEFINED_TABLE = "42P01";
  private static final String CREATE =
      "CREATE TABLE IF NOT EXISTS rims (id bigint PRIMARY KEY, value text NOT NULL,"
          + " written_at timestamptz NOT NULL DEFAULT now())";

  private final JdbcClient jdbc;

  RimTable(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Writes a rim. Returns true once it is committed, by this call or an earlier one with the same
  /// value; false when another value stands under the id.
  boolean write(long id, String value) {
    try {
      return insert(id, value);
    } catch (DataAccessException e) {
      if (!undefinedTable(e)) {
        throw e;
      }
      create();
      return insert(id, value);
    }
  }

  /// The rim of that id.
  Optional<Rim> read(long id) {
    return orWhereMissing(
        Optional.empty(),
        () ->
            jdbc.sql("SELECT id, value, written_at FROM rims WHERE id = ?")
                .param(id)
                .query(RimTable::rim)
                .optional());
  }

  /// Rims in the order of their ids, from the first id above `after`.
  List<Rim> page(long after, int limit) {
    return orWhereMissing(
        List.of(),
        () ->
            jdbc.sql("SELECT id, value, written_at FROM rims WHERE id > ? ORDER BY id LIMIT ?")
                .param(after)
                .param(limit)
                .query(RimTable::rim)
                .list());
  }

  private boolean insert(long id, String value) {
    int inserted =
        jdbc.sql("INSERT INTO rims (id, value) VALUES (?, ?) ON CONFLICT (id) DO NOTHING")
            .param(id)
            .param(value)
            .update();
    return inserted == 1
        || jdbc.sql("SELECT value FROM rims WHERE id = ?")
            .param(id)
            .query(String.class)
            .optional()
            .filter(value::equals)
            .isPresent();
  }

  private void create() {
    try {
      jdbc.sql(CREATE).update();
    } catch (DuplicateKeyException e) {
      // Two services created it at the same moment: IF NOT EXISTS does not see the other's
      // uncommitted table, and the loser fails on the catalogue's unique index.
      jdbc.sql(CREATE).update();
    }
  }

  private static <T> T orWhereMissing(T nothing, Supplier<T> query) {
    try {
      return query.get();
    } catch (DataAccessException e) {
      if (undefinedTable(e)) {
        return nothing;
      }
      throw e;
    }
  }

  private static boolean undefinedTable(DataAccessException e) {
    return e.getRootCause() instanceof SQLException sql
        && UNDEFINED_TABLE.equals(sql.getSQLState());
  }

  private static Rim rim(ResultSet row, int number) throws SQLException {
    return new Rim(
        row.getLong("id"), row.getString("value"), row.getTimestamp("written_at").toInstant());
  }
}
