package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisServer;
import dev.chrysalis.redis.agent.server.RedisConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How the member's server, or its Sentinel, is reached: options, then variables, then defaults.
final class ServerOptions {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  @Option(names = "--host", paramLabel = "HOST", description = "(REDIS_HOST; localhost)")
  private @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "(REDIS_PORT; 6379, beside a Sentinel 26379)")
  private @Nullable Integer port;

  @Option(
      names = "--user",
      paramLabel = "USER",
      description = "the ACL user (REDIS_USER; the default user)")
  private @Nullable String user;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "file whose first line is the password (REDIS_PASSWORD_FILE)")
  private @Nullable Path passwordFile;

  @Option(
      names = "--master-name",
      paramLabel = "NAME",
      description =
          "what Sentinel calls the master (REDIS_MASTER_NAME): says that this member is a"
              + " Sentinel")
  private @Nullable String masterName;

  @Mixin private TlsOptions tls = new TlsOptions();

  RedisServer server(AgentEnvironment environment) {
    try {
      return new RedisServer(
          host != null ? host : environment.variable("REDIS_HOST").orElse("localhost"),
          port != null ? port : port(environment),
          user != null ? user : environment.variable("REDIS_USER").orElse(""),
          Optional.ofNullable(passwordFile)
              .or(() -> environment.variable("REDIS_PASSWORD_FILE").map(Path::of)),
          tls.tls(environment));
    } catch (IllegalArgumentException e) {
      throw bad(String.valueOf(e.getMessage()), e);
    }
  }

  RedisConnection connection(AgentEnvironment environment) {
    return new RedisConnection(server(environment), TIMEOUT);
  }

  /// What the Sentinel calls its master, beside a Sentinel.
  String watched(AgentEnvironment environment) {
    return masterName(environment)
        .orElseGet(() -> environment.required("REDIS_MASTER_NAME", "--master-name"));
  }

  /// What the Sentinel calls its master; empty beside a server.
  Optional<String> masterName(AgentEnvironment environment) {
    return Optional.ofNullable(masterName).or(() -> environment.variable("REDIS_MASTER_NAME"));
  }

  private int port(AgentEnvironment environment) {
    String otherwise = masterName(environment).isPresent() ? "26379" : "6379";
    String text = environment.variable("REDIS_PORT").orElse(otherwise);
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw bad("not a port: " + text, e);
    }
  }

  private static ChrysalisException bad(String message, Throwable cause) {
    return new ChrysalisException(
        AgentErrors.MISSING_SETTING,
        message,
        "give --host and --port (and --cert with --key), or set REDIS_HOST and REDIS_PORT (and"
            + " REDIS_TLS_CERT_FILE with REDIS_TLS_KEY_FILE)",
        cause);
  }
}
