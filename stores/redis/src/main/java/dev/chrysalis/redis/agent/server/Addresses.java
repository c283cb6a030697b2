package dev.chrysalis.redis.agent.server;

import dev.chrysalis.redis.RedisServer;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Under which IP addresses a server is known to others.
final class Addresses {
  private static final Set<String> THIS_HOST = Set.of("localhost", "127.0.0.1", "::1");

  private Addresses() {}

  /// Those of the name by which it is called; where that is only this host's, all of this host.
  static List<String> of(RedisServer server) {
    return THIS_HOST.contains(server.host()) ? ofThisHost() : resolved(server.host());
  }

  /// Adds how a server wants to be called by others, where it says so (`replica-announce-ip`,
  /// `replica-announce-port`; empty and 0 where it does not).
  static void announced(Map<String, String> status, String host, String port) {
    Set<String> all = new LinkedHashSet<>(resolved(host));
    all.addAll(List.of(status.getOrDefault("addresses", "").split(",", -1)));
    all.remove("");
    status.put("addresses", String.join(",", all));
    if (!port.isEmpty() && !port.equals("0")) {
      status.put("port", port);
    }
  }

  /// What a name stands for now; empty where it stands for nothing.
  static List<String> resolved(String host) {
    if (host.isEmpty()) {
      return List.of();
    }
    try {
      return Arrays.stream(InetAddress.getAllByName(host))
          .map(InetAddress::getHostAddress)
          .distinct()
          .toList();
    } catch (UnknownHostException e) {
      return List.of();
    }
  }

  private static List<String> ofThisHost() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLinkLocalAddress())
          .map(InetAddress::getHostAddress)
          .map(text -> text.replaceFirst("%.*", ""))
          .distinct()
          .toList();
    } catch (SocketException e) {
      return List.of();
    }
  }
}
