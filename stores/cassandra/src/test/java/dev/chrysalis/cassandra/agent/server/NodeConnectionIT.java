package dev.chrysalis.cassandra.agent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.CassandraNode;
import dev.chrysalis.cassandra.server.TestKeys;
import dev.chrysalis.cassandra.server.TestNode;
import dev.chrysalis.cassandra.server.TestRing;
import dev.chrysalis.model.ChrysalisException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A node whose JMX speaks TLS only.
class NodeConnectionIT {
  @Test
  void speaksTlsWithANodeWhoseRegistryIsBehindItToo() throws Exception {
    try (TestRing ring = TestRing.of(1)) {
      TestNode node = ring.nodes().getFirst();
      Path store = node.conf().resolve("keys.p12");
      TestKeys.make(store, node.address());
      // Read once in a process, when TLS is first spoken: nothing else in these tests does.
      System.setProperty("javax.net.ssl.trustStore", store.toString());
      System.setProperty("javax.net.ssl.trustStorePassword", TestNode.KEY_STORE_PASSWORD);
      node.speakTls(store);

      ring.start();

      try (NodeSession session = node.connection().open()) {
        assertThat(session.mode()).isEqualTo("NORMAL");
      }
      CassandraNode inTheOpen = CassandraNode.open(node.address(), CassandraNode.JMX_PORT);
      assertThatThrownBy(() -> new NodeConnection(inTheOpen, Duration.ofSeconds(10)).open())
          .isInstanceOfSatisfying(
              ChrysalisException.class,
              e -> assertThat(e.code()).isEqualTo(CassandraErrors.UNREACHABLE));
    }
  }
}
