package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.cassandra.CassandraNode;
import dev.chrysalis.cassandra.agent.server.NodeConnection;
import dev.chrysalis.model.ChrysalisException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How the node's JMX is reached: options, then variables, then defaults.
final class NodeOptions {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @Option(
      names = "--jmx-host",
      paramLabel = "HOST",
      description = "(CASSANDRA_JMX_HOST; localhost)")
  private @Nullable String host;

  @Option(names = "--jmx-port", paramLabel = "PORT", description = "(CASSANDRA_JMX_PORT; 7199)")
  private @Nullable Integer port;

  @Option(
      names = "--jmx-user",
      paramLabel = "USER",
      description = "the user of JMX, where it asks for one (CASSANDRA_JMX_USER)")
  private @Nullable String user;

  @Option(
      names = "--jmx-password-file",
      paramLabel = "FILE",
      description = "file whose first line is its password (CASSANDRA_JMX_PASSWORD_FILE)")
  private @Nullable Path passwordFile;

  @Option(
      names = "--jmx-tls",
      description =
          "JMX and its registry are behind TLS (CASSANDRA_JMX_TLS=yes); whom to trust is what Java is"
              + " told: -Djavax.net.ssl.trustStore")
  private boolean tls;

  CassandraNode node(AgentEnvironment environment) {
    try {
      return new CassandraNode(
          host != null ? host : environment.variable("CASSANDRA_JMX_HOST").orElse("localhost"),
          port != null ? port : port(environment),
          user != null ? user : environment.variable("CASSANDRA_JMX_USER").orElse(""),
          Optional.ofNullable(passwordFile)
              .or(() -> environment.variable("CASSANDRA_JMX_PASSWORD_FILE").map(Path::of)),
          tls
              || environment
                  .variable("CASSANDRA_JMX_TLS")
                  .filter("yes"::equalsIgnoreCase)
                  .isPresent());
    } catch (IllegalArgumentException e) {
      throw new ChrysalisException(
          AgentErrors.MISSING_SETTING,
          String.valueOf(e.getMessage()),
          "give --jmx-host and --jmx-port, and --jmx-user with --jmx-password-file, or set"
              + " CASSANDRA_JMX_HOST, _PORT, _USER and _PASSWORD_FILE",
          e);
    }
  }

  NodeConnection connection(AgentEnvironment environment) {
    return new NodeConnection(node(environment), TIMEOUT);
  }

  private static int port(AgentEnvironment environment) {
    String text =
        environment.variable("CASSANDRA_JMX_PORT").orElse(Integer.toString(CassandraNode.JMX_PORT));
    if (!text.matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("not a port: " + text);
    }
    return Integer.parseInt(text);
  }
}
