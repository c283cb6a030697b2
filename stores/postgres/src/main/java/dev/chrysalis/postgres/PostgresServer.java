package dev.chrysalis.postgres;

import java.nio.file.Path;
import java.util.Optional;

/// How a PostgreSQL server is reached: an address and port, or the directory of its Unix socket.
///
/// @param host an address, or an absolute path: the directory of the server's Unix socket
/// @param passwordFile a file whose first line is the password; empty where none is asked for
public record PostgresServer(
    String host, int port, String user, String database, Optional<Path> passwordFile) {
  public PostgresServer {
    if (host.isEmpty() || user.isEmpty() || database.isEmpty() || port < 1 || port > 65535) {
      throw new IllegalArgumentException("not a server: " + user + "@" + host + ":" + port);
    }
  }
}
