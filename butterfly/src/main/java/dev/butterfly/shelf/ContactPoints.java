package dev.butterfly.shelf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/// Where Cassandra is and who asks: nodes in `CASSANDRA_CONTACT_POINTS` (`host:port,host:port`),
/// `CASSANDRA_DATACENTER` of those that are asked, `CASSANDRA_USER` with the password in the file
/// that `CASSANDRA_PASSWORD_FILE` names.
record ContactPoints(
    List<InetSocketAddress> nodes, String datacenter, String user, Path passwordFile) {
  ContactPoints {
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("CASSANDRA_CONTACT_POINTS names no node");
    }
    nodes = List.copyOf(nodes);
  }

  /// @param required the value of a variable; throws where it is not set
  /// @param datacenter and `user`, as they are set
  static ContactPoints of(UnaryOperator<String> required, String datacenter, String user) {
    return new ContactPoints(
        nodes(required.apply("CASSANDRA_CONTACT_POINTS")),
        datacenter,
        user,
        Path.of(required.apply("CASSANDRA_PASSWORD_FILE")));
  }

  /// The same nodes, asked by another.
  ContactPoints as(String other, Path itsPasswordFile) {
    return new ContactPoints(nodes, datacenter, other, itsPasswordFile);
  }

  String password() {
    return firstLine(passwordFile);
  }

  static String firstLine(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("the password file cannot be read: " + file, e);
    }
  }

  private static List<InetSocketAddress> nodes(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(node -> !node.isEmpty())
        .map(ContactPoints::node)
        .toList();
  }

  private static InetSocketAddress node(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("CASSANDRA_CONTACT_POINTS: no host and port: " + text);
    }
    return new InetSocketAddress(
        text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }
}
