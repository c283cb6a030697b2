package dev.chrysalis.postgres.agent.dump;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.server.ServerConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A new cluster with one database, empty: what a dump goes into.
///
/// @param data its directory, which does not exist yet
record FreshCluster(
    ServerPrograms installed, Programs programs, Path data, FreshDatabase database) {
  /// The settings files that may lie in a configuration folder, and whatever they include.
  private static final long LARGEST_SETTINGS = 1 << 20;

  /// Makes the cluster's files.
  void make() throws IOException {
    List<String> command = new ArrayList<>(List.of(installed.initdb().toString()));
    command.addAll(List.of("--pgdata=" + data, "--username=" + database.superuser()));
    command.addAll(
        List.of("--data-checksums", "--encoding=UTF8", "--no-sync", "--no-instructions"));
    command.add("--locale=" + database.locale());
    command.addAll(
        database
            .superuserPassword()
            .map(file -> List.of("--auth=scram-sha-256", "--pwfile=" + file))
            .orElse(List.of("--auth-local=peer", "--auth-host=reject")));
    programs.run(command);
  }

  /// Makes the roles and the database.
  void fill(ServerConnection server) {
    try (Connection connection = server.open();
        Statement statement = connection.createStatement()) {
      statement.execute("SET password_encryption = 'scram-sha-256'");
      for (FreshDatabase.Role role : database.roles()) {
        if (role.name().equals(database.superuser())) {
          continue;
        }
        statement.execute(createRole(statement, role));
      }
      String owner = database.owner().isEmpty() ? database.superuser() : database.owner();
      statement.execute(
          "CREATE DATABASE %s OWNER %s TEMPLATE template0"
              .formatted(
                  statement.enquoteIdentifier(database.name(), true),
                  statement.enquoteIdentifier(owner, true)));
    } catch (SQLException e) {
      // The message names the role or database; the statement, with its password, stays out.
      throw failed("cannot make the roles and the database of the stack file", e);
    }
  }

  private static String createRole(Statement statement, FreshDatabase.Role role)
      throws SQLException {
    String name = statement.enquoteIdentifier(role.name(), true);
    return role.password().isEmpty()
        ? "CREATE ROLE " + name
        : "CREATE ROLE %s LOGIN PASSWORD %s"
            .formatted(name, statement.enquoteLiteral(password(role.password().get())));
  }

  private static String password(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      String password = lines.findFirst().orElse("");
      if (!password.isEmpty()) {
        return password;
      }
      throw badPassword(file, "is empty", null);
    } catch (IOException | java.io.UncheckedIOException e) {
      throw badPassword(file, "cannot be read", e);
    }
  }

  private static ChrysalisException badPassword(Path file, String why, @Nullable Exception e) {
    return new ChrysalisException(
        PostgresErrors.BAD_SETTING,
        "the password file %s %s".formatted(file, why),
        "put the role's password on its first line, and let the agent read it",
        e);
  }

  /// Compares what is there with what the dump said: each table has as many rows. Then lets the
  /// planner know what they are like, since a dump does not.
  void verify(ServerConnection server, DumpContents contents) {
    try (Connection connection = server.open();
        Statement statement = connection.createStatement()) {
      for (Map.Entry<String, Long> table : contents.rows().entrySet()) {
        long found = rows(statement, table.getKey());
        // An extension fills its tables itself; a dump has only what users added.
        boolean more = found > table.getValue() && ofExtension(statement, table.getKey());
        if (found != table.getValue() && !more) {
          throw new ChrysalisException(
              PostgresErrors.DUMP_FAILED,
              "%s has %d rows, the dump has %d".formatted(table.getKey(), found, table.getValue()),
              "nothing of the old data was touched; see what removes or adds rows: a trigger or"
                  + " rule of the dump");
        }
      }
      statement.execute("ANALYZE");
    } catch (SQLException e) {
      throw failed("cannot count what was restored", e);
    }
  }

  /// A partitioned table has its rows in others; any other is counted without those that inherit.
  private static long rows(Statement statement, String table) throws SQLException {
    String name = statement.enquoteLiteral(table);
    boolean partitioned;
    try (ResultSet kind =
        statement.executeQuery(
            "SELECT relkind = 'p' FROM pg_class WHERE oid = " + name + "::regclass")) {
      partitioned = kind.next() && kind.getBoolean(1);
    }
    String only = partitioned ? "" : "ONLY ";
    try (ResultSet count = statement.executeQuery("SELECT count(*) FROM " + only + table)) {
      count.next();
      return count.getLong(1);
    }
  }

  private static boolean ofExtension(Statement statement, String table) throws SQLException {
    String name = statement.enquoteLiteral(table);
    try (ResultSet found =
        statement.executeQuery(
            "SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND deptype = 'e'"
                + " AND objid = "
                + name
                + "::regclass")) {
      return found.next();
    }
  }

  private static ChrysalisException failed(String what, SQLException e) {
    return new ChrysalisException(
        PostgresErrors.DUMP_FAILED,
        what + ": " + e.getMessage(),
        "nothing of the old data was touched; see the stack file's dumps",
        e);
  }

  /// Lays the settings files (`*.conf`) of the configuration folder over those that initdb made.
  void configure() throws IOException {
    if (database.configuration().isEmpty()) {
      return;
    }
    try (Stream<Path> files = Files.list(database.configuration().get())) {
      for (Path file : (Iterable<Path>) files.filter(FreshCluster::isSettings)::iterator) {
        if (Files.size(file) > LARGEST_SETTINGS) {
          throw new ChrysalisException(
              PostgresErrors.BAD_SETTING,
              file + " is too large to be a settings file",
              "let the configuration folder hold settings files only");
        }
        programs.owner().replace(data.resolve("" + file.getFileName()), Files.readAllBytes(file));
      }
    }
  }

  private static boolean isSettings(Path file) {
    return Files.isRegularFile(file) && file.toString().endsWith(".conf");
  }

  /// Makes all of it durable.
  void sync() throws IOException {
    programs.run(List.of(installed.initdb().toString(), "--sync-only", "--pgdata=" + data));
  }
}
