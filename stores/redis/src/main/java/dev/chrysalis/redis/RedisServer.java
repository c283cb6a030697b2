package dev.chrysalis.redis;

import java.nio.file.Path;
import java.util.Optional;

/// How a Redis server, or a Sentinel, is reached.
///
/// @param user the ACL user; empty for the default user
/// @param passwordFile a file whose first line is the password; empty where none is asked for
/// @param tls how the connection is secured; empty for a plain one
public record RedisServer(
    String host, int port, String user, Optional<Path> passwordFile, Optional<Tls> tls) {
  public RedisServer {
    if (host.isEmpty() || port < 1 || port > 65535) {
      throw new IllegalArgumentException("not a server: " + host + ":" + port);
    }
  }

  /// @param certificates PEM file of those who are trusted; empty for the JDK's
  /// @param certificate PEM file of the client's own certificate; empty where none is asked for
  /// @param key PEM file (PKCS#8) of its private key
  public record Tls(Optional<Path> certificates, Optional<Path> certificate, Optional<Path> key) {
    public Tls {
      if (certificate.isPresent() != key.isPresent()) {
        throw new IllegalArgumentException("a certificate and its key belong together");
      }
    }
  }
}
