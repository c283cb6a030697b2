package dev.chrysalis.postgres.agent.server;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.PostgresServer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.stream.Stream;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/// Opens connections to one server. The password is read from its file at each connection, so that
/// a changed one is picked up, and is never part of a message. Safe for many threads.
///
/// Errors: `UNREACHABLE` (nothing answers, or the server is starting or stopping), `REFUSED_LOGIN`,
/// `BAD_SETTING` (the password file cannot be read).
public final class ServerConnection {
  /// The name under which Chrysalis' sessions show in `pg_stat_activity`.
  public static final String APPLICATION_NAME = "chrysalis";

  /// `cannot_connect_now`.
  private static final String NOT_READY = "57P03";

  private final PostgresServer server;
  private final Duration timeout;

  /// @param timeout for connecting and logging in, and for each answer to a session that only
  ///   looks; at least a second
  public ServerConnection(PostgresServer server, Duration timeout) {
    if (timeout.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("a connection's time-out is at least a second");
    }
    this.server = server;
    this.timeout = timeout;
  }

  public PostgresServer server() {
    return server;
  }

  /// The same server's connections to another of its databases.
  public ServerConnection to(String database) {
    return new ServerConnection(
        new PostgresServer(
            server.host(), server.port(), server.user(), database, server.passwordFile()),
        timeout);
  }

  /// Opens an ordinary session. To be closed by the caller.
  public Connection open() {
    return open(properties());
  }

  /// Opens a session for short questions: one that a stalled server leaves without an answer for as
  /// long as the time-out fails with SQL state 08. To be closed by the caller.
  public Connection openToLook() {
    Properties properties = properties();
    PGProperty.SOCKET_TIMEOUT.set(properties, Long.toString(timeout.toSeconds()));
    return open(properties);
  }

  /// Opens a session for physical replication, whose queries are the replication protocol's.
  public Connection openReplication() {
    Properties properties = properties();
    PGProperty.REPLICATION.set(properties, "true");
    PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "15");
    return open(properties);
  }

  private Connection open(Properties properties) {
    try {
      // The driver takes the database from its address alone, else the user's name.
      String address =
          "jdbc:postgresql:" + URLEncoder.encode(server.database(), StandardCharsets.UTF_8);
      Connection connection = new Driver().connect(address, properties);
      if (connection == null) {
        throw new IllegalStateException("the JDBC driver does not know its own address");
      }
      return connection;
    } catch (SQLException e) {
      throw translated(e);
    }
  }

  private Properties properties() {
    Properties properties = new Properties();
    boolean unixSocket = server.host().startsWith("/");
    PGProperty.PG_HOST.set(properties, unixSocket ? "localhost" : server.host());
    PGProperty.PG_PORT.set(properties, Integer.toString(server.port()));
    PGProperty.PG_DBNAME.set(properties, server.database());
    PGProperty.USER.set(properties, server.user());
    PGProperty.APPLICATION_NAME.set(properties, APPLICATION_NAME);
    PGProperty.GSS_ENC_MODE.set(properties, "disable");
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    String seconds = Long.toString(timeout.toSeconds());
    PGProperty.CONNECT_TIMEOUT.set(properties, seconds);
    PGProperty.LOGIN_TIMEOUT.set(properties, seconds);
    if (unixSocket) {
      Path socket = Path.of(server.host(), ".s.PGSQL." + server.port());
      PGProperty.SOCKET_FACTORY.set(properties, UnixSocketFactory.class.getName());
      PGProperty.SOCKET_FACTORY_ARG.set(properties, socket.toString());
      PGProperty.SSL_MODE.set(properties, "disable");
    }
    server.passwordFile().ifPresent(file -> PGProperty.PASSWORD.set(properties, password(file)));
    return properties;
  }

  private static String password(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.findFirst().orElse("");
    } catch (IOException | java.io.UncheckedIOException e) {
      throw new ChrysalisException(
          PostgresErrors.BAD_SETTING,
          "cannot read the password file " + file,
          "give the agent a readable file whose first line is the password",
          e);
    }
  }

  /// Whether a server runs that takes no connections: it is starting, or stopping.
  static boolean isNotReady(ChrysalisException e) {
    return e.getCause() instanceof SQLException sql && NOT_READY.equals(sql.getSQLState());
  }

  /// What a failed call on this server means. SQL states: 28 is a refused login, 08 a lost or
  /// refused connection, 57P03 a server that is starting or stopping.
  public ChrysalisException translated(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    String where = server.user() + "@" + server.host() + ":" + server.port();
    if (state.startsWith("28") || state.equals("42501")) {
      return new ChrysalisException(
          PostgresErrors.REFUSED_LOGIN,
          "PostgreSQL refuses " + where + ": " + e.getMessage(),
          "check the user, its password file and its rights, and pg_hba.conf",
          e);
    }
    if (state.equals("3D000")) {
      return new ChrysalisException(
          PostgresErrors.BAD_SETTING,
          "PostgreSQL has no such database: " + e.getMessage(),
          "name a database that exists; postgres is there by default",
          e);
    }
    return new ChrysalisException(
        PostgresErrors.UNREACHABLE,
        "PostgreSQL does not answer at " + where + ": " + e.getMessage(),
        "see whether the server runs, and what its log says",
        e);
  }
}
