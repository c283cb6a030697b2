package dev.chrysalis.cassandra.agent.load;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The ring that is loaded into.
///
/// @param contacts addresses of some of its nodes
/// @param configuration `cassandra.yaml` of one of its nodes: for its ports, and how it encrypts
/// @param mebibytesPerSecond how fast to stream; 0 for as fast as it goes
public record TargetRing(
    List<String> contacts,
    int port,
    Optional<Path> configuration,
    Optional<Login> login,
    int mebibytesPerSecond) {
  public TargetRing {
    contacts = List.copyOf(contacts);
    if (contacts.isEmpty() || port < 1 || port > 65535 || mebibytesPerSecond < 0) {
      throw new IllegalArgumentException("not a ring: " + contacts + " at port " + port);
    }
  }

  /// As whom; must be allowed to make keyspaces and tables.
  public record Login(String user, String password) {
    @Override
    public String toString() {
      return user;
    }
  }

  Map<String, Object> begin() {
    return Map.of(
        "do",
        "begin",
        "contacts",
        contacts,
        "port",
        port,
        "config",
        configuration.map(Path::toString).orElse(""),
        "user",
        login.map(Login::user).orElse(""),
        "password",
        login.map(Login::password).orElse(""),
        "mebibytesPerSecond",
        mebibytesPerSecond);
  }
}
