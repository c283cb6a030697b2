package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.PostgresServer;
import dev.chrysalis.postgres.agent.server.ServerConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How the member's server is reached: options, then libpq's variables, then its defaults.
final class ServerOptions {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "address, or directory of the Unix socket (PGHOST; localhost)")
  private @Nullable String host;

  @Option(names = "--port", paramLabel = "PORT", description = "(PGPORT; 5432)")
  private @Nullable Integer port;

  @Option(names = "--user", paramLabel = "USER", description = "(PGUSER; postgres)")
  private @Nullable String user;

  @Option(names = "--database", paramLabel = "NAME", description = "(PGDATABASE; postgres)")
  private @Nullable String database;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "file whose first line is the password (PGPASSWORD_FILE)")
  private @Nullable Path passwordFile;

  PostgresServer server(AgentEnvironment environment) {
    Optional<Path> password =
        Optional.ofNullable(passwordFile)
            .or(() -> environment.variable("PGPASSWORD_FILE").map(Path::of));
    try {
      return new PostgresServer(
          or(host, environment, "PGHOST", "localhost"),
          port != null ? port : port(environment),
          or(user, environment, "PGUSER", "postgres"),
          or(database, environment, "PGDATABASE", "postgres"),
          password);
    } catch (IllegalArgumentException e) {
      throw bad(String.valueOf(e.getMessage()), e);
    }
  }

  ServerConnection connection(AgentEnvironment environment) {
    quiet();
    return new ServerConnection(server(environment), TIMEOUT);
  }

  /// The driver logs what it also throws.
  static void quiet() {
    Logger.getLogger("").setLevel(Level.OFF);
  }

  private static int port(AgentEnvironment environment) {
    String text = environment.variable("PGPORT").orElse("5432");
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw bad("not a port: " + text, e);
    }
  }

  private static String or(
      @Nullable String option, AgentEnvironment environment, String variable, String otherwise) {
    return option != null ? option : environment.variable(variable).orElse(otherwise);
  }

  private static ChrysalisException bad(String message, Throwable cause) {
    return new ChrysalisException(
        AgentErrors.MISSING_SETTING,
        message,
        "give --host, --port, --user and --database, or set PGHOST, PGPORT, PGUSER, PGDATABASE",
        cause);
  }
}
