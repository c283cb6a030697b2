package dev.chrysalis.cassandra.agent.files;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.CassandraNode;
import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/// Makes sure that a node does not run. A server leaves no file that tells whether it does; its JMX
/// listens from early on to the end.
final class StoppedNode {
  private static final int LISTENS_MILLIS = 2000;

  private StoppedNode() {}

  /// `NODE_RUNNING` where something listens there.
  static void require(CassandraNode node) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(node.host(), node.port()), LISTENS_MILLIS);
    } catch (IOException e) {
      return;
    }
    throw new ChrysalisException(
        CassandraErrors.NODE_RUNNING,
        "something listens on the node's JMX, " + node,
        "nothing was touched; stop the node and keep it stopped first");
  }
}
