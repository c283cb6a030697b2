package dev.chrysalis.postgres.agent.server;

import dev.chrysalis.model.stack.ProofQuery;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;

/// Reads all that a server holds, as a dump would, and asks it questions: what of it cannot be read
/// is found out before somebody needs it. Changes nothing; works on a standby that stands still.
///
/// Each table of each database, catalogs included, is copied out as text, so that every row is
/// found, put together from its parts and printed. Unlogged tables are left out, since no backup
/// has their rows. Memory stays bounded: rows are thrown away as they come.
public final class Examination {
  /// So many of the faults are told.
  private static final int MOST_FAULTS = 20;

  private static final int LONGEST_FAULT = 300;

  /// Classes of SQL states: connection, shutdown, cancel, insufficient privilege and resources.
  private static final List<String> UNKNOWN = List.of("08", "57", "42501", "53");

  /// Told after each table.
  @FunctionalInterface
  public interface Progress {
    /// @param bytes how much of the databases' files the tables so far are
    void read(long bytes, long total);
  }

  /// What was found.
  ///
  /// @param bytes how many bytes the rows were as text
  /// @param faults what could not be read, or was answered wrongly; the first of them, where they
  ///   are many
  public record Found(
      int databases, long tables, long rows, long bytes, int queries, List<String> faults) {
    public Found {
      faults = List.copyOf(faults);
    }
  }

  private record Table(String name, long size) {}

  private final ServerConnection server;
  private final List<String> faults = new ArrayList<>();
  private long tables;
  private long rows;
  private long bytes;
  private long done;

  public Examination(ServerConnection server) {
    this.server = server;
  }

  /// Reads everything, and asks the questions. What is wrong with the data is part of what is
  /// returned; a server that goes away is an error.
  public Found run(List<ProofQuery> queries, Progress progress) {
    List<Table> databases = databases();
    long total = databases.stream().mapToLong(Table::size).sum();
    for (Table database : databases) {
      ServerConnection to = server.to(database.name());
      try (Connection connection = to.open()) {
        prepare(connection);
        for (String extension : Extensions.withoutFiles(connection)) {
          fault(
              "%s: the server has no files of the extension %s"
                  .formatted(database.name(), extension));
        }
        read(database.name(), connection, read -> progress.read(read, total));
      } catch (SQLException e) {
        throw to.translated(e);
      }
    }
    queries.forEach(this::ask);
    return new Found(databases.size(), tables, rows, bytes, queries.size(), faults);
  }

  private List<Table> databases() {
    try (Connection connection = server.open()) {
      return list(
          connection,
          "SELECT datname, pg_database_size(oid) FROM pg_database WHERE datallowconn ORDER BY 1");
    } catch (SQLException e) {
      throw server.translated(e);
    }
  }

  private void read(String database, Connection connection, java.util.function.LongConsumer told)
      throws SQLException {
    List<Table> all =
        list(
            connection,
            """
            SELECT format('%I.%I', n.nspname, c.relname), pg_total_relation_size(c.oid)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE (c.relkind = 'r' OR c.relkind = 'm' AND c.relispopulated)
              AND c.relpersistence = 'p'
            ORDER BY 1
            """);
    for (Table table : all) {
      tables++;
      try {
        copyOut(connection, table.name());
      } catch (SQLException e) {
        if (lost(e)) {
          throw e;
        }
        fault(database + " " + table.name() + ": " + e.getMessage());
      }
      done += table.size();
      told.accept(done);
    }
  }

  private void copyOut(Connection connection, String table) throws SQLException {
    try {
      rows +=
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut("COPY (SELECT * FROM ONLY " + table + ") TO STDOUT", new Counting());
    } catch (IOException e) {
      throw new IllegalStateException("a stream that throws everything away failed", e);
    }
  }

  private void ask(ProofQuery query) {
    ServerConnection to = server.to(query.database());
    try (Connection connection = to.open();
        Statement statement = connection.createStatement()) {
      prepare(connection);
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      try (ResultSet answer = statement.executeQuery(query.sql())) {
        if (!answer.next()) {
          fault(query.name() + ": no row, where true is expected");
        } else if (!answer.getBoolean(1)) {
          fault(query.name() + ": " + answer.getString(1) + ", where true is expected");
        }
      }
    } catch (SQLException e) {
      if (lost(e)) {
        throw to.translated(e);
      }
      fault(query.name() + ": " + e.getMessage());
    }
  }

  private static List<Table> list(Connection connection, String sql) throws SQLException {
    List<Table> all = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        all.add(new Table(row.getString(1), row.getLong(2)));
      }
    }
    return all;
  }

  /// Whether nothing is known of the data: the server is gone or short of something, the role may
  /// not read, or somebody cancelled the reading.
  private static boolean lost(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return UNKNOWN.stream().anyMatch(state::startsWith);
  }

  /// What the owner's settings would do to long reads on a standby is not wanted here.
  private static void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET statement_timeout = 0");
      statement.execute("SET lock_timeout = 0");
      statement.execute("SET default_transaction_isolation = 'read committed'");
    }
  }

  private void fault(String text) {
    if (faults.size() < MOST_FAULTS) {
      String line = text.replace('\n', ' ');
      faults.add(line.substring(0, Math.min(line.length(), LONGEST_FAULT)));
    }
  }

  private final class Counting extends OutputStream {
    @Override
    public void write(int b) {
      bytes++;
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
      bytes += length;
    }
  }
}
