package dev.chrysalis.redis.control;

import java.util.Optional;

/// Where a server listens, as Redis and its Sentinels write it: `127.3.4.5:6379`.
///
/// @param host an IP address, or a name where they are told to use names
public record Address(String host, int port) {
  public Address {
    if (host.isBlank() || host.contains(" ") || port < 1 || port > 65535) {
      throw new IllegalArgumentException("not an address: '" + host + "':" + port);
    }
  }

  /// Reads `HOST:PORT`, where the host may be an IPv6 address; empty where it is not one.
  public static Optional<Address> parse(String text) {
    int colon = text.lastIndexOf(':');
    try {
      return colon < 0
          ? Optional.empty()
          : Optional.of(
              new Address(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
