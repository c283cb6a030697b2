package dev.chrysalis.cassandra;

import java.nio.file.Path;
import java.util.Optional;

/// How a node's JMX is reached.
///
/// @param user of JMX; empty where it asks for none
/// @param passwordFile a file whose first line is that user's password
/// @param tls whether also the registry of its JMX is behind TLS
///   (`com.sun.management.jmxremote.registry.ssl`); whom to trust is what Java is told
///   (`javax.net.ssl.trustStore`), as with `nodetool --ssl`
public record CassandraNode(
    String host, int port, String user, Optional<Path> passwordFile, boolean tls) {
  /// Where Cassandra's JMX listens unless it is told otherwise.
  public static final int JMX_PORT = 7199;

  /// One whose JMX asks for no login.
  public static CassandraNode open(String host, int port) {
    return new CassandraNode(host, port, "", Optional.empty(), false);
  }

  public CassandraNode {
    if (host.isEmpty() || port < 1 || port > 65535) {
      throw new IllegalArgumentException("not a node's JMX: " + host + ":" + port);
    }
    if (user.isEmpty() == passwordFile.isPresent()) {
      throw new IllegalArgumentException("a user of JMX and a password belong together");
    }
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
