package dev.chrysalis.cassandra.server;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import dev.chrysalis.cassandra.CassandraNode;
import dev.chrysalis.cassandra.agent.load.LoaderProgram;
import dev.chrysalis.cassandra.agent.load.TargetRing;
import dev.chrysalis.cassandra.agent.server.NodeRepair;
import dev.chrysalis.cassandra.agent.server.NodeSession;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.vault.backend.Pause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/// A real ring of Cassandra nodes for a test, each on its own loopback address and the standard
/// ports. `close` removes all of it.
public final class TestRing implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int CQL_PORT = 9042;

  /// Behind the last digit of a node's address, where its clients reach it.
  private static final String CLIENTS = "00";

  private final Path folder;
  private final List<TestNode> nodes = new ArrayList<>();

  private TestRing(Path folder) {
    this.folder = folder;
  }

  /// A ring that is not started.
  public static TestRing of(int nodes) {
    try {
      Path folder = Files.createTempDirectory("chrysalis-cassandra");
      ServerProgram.own(folder);
      TestRing ring = new TestRing(folder);
      String network = freeNetwork(nodes);
      for (int i = 1; i <= nodes; i++) {
        Path own = folder.resolve("node-" + i);
        ring.nodes.add(new TestNode(own, network + "." + i, seeds(network, nodes), nodes));
      }
      return ring;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The same, before its first start, with nothing said in the open.
  public TestRing encrypted() {
    try {
      Path store = folder.resolve("keys.p12");
      TestKeys.make(store, nodes.getFirst().address());
      for (TestNode node : nodes) {
        node.encrypt(store);
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// From its next start on it encrypts its commit logs.
  public TestRing withEncryptedLogs() {
    try {
      Path store = folder.resolve("log-keys.jceks");
      TestKeys.makeSecret(store, "logs:1");
      for (TestNode node : nodes) {
        node.encryptLog(store, "logs:1");
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// From its next start on it compresses its commit logs.
  public void compressLogs() throws IOException {
    for (TestNode node : nodes) {
      node.compressLog();
    }
  }

  /// The configuration of one of its nodes.
  public Path configuration() {
    return nodes.getFirst().conf().resolve("cassandra.yaml");
  }

  /// The same, before its first start, with a network for its clients beside that of its nodes.
  public TestRing withTwoNetworks() {
    try {
      for (TestNode node : nodes) {
        node.servesClientsAt(node.address() + CLIENTS);
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// All of them: others end at once where the only seed starts later than they do.
  private static String seeds(String network, int nodes) {
    return IntStream.rangeClosed(1, nodes)
        .mapToObj(i -> network + "." + i)
        .collect(Collectors.joining(","));
  }

  public List<TestNode> nodes() {
    return List.copyOf(nodes);
  }

  /// Starts all nodes that do not run and waits until each sees all others.
  public void start() {
    boolean fresh = nodes.stream().noneMatch(node -> Files.exists(node.folders().commitLog()));
    nodes.stream().filter(node -> !node.isRunning()).forEach(TestNode::launch);
    try {
      Awaitility.await("the ring")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(300))
          .until(() -> {
            nodes.forEach(TestRing::requireRunning);
            return nodes.stream().allMatch(this::isUp);
          });
    } catch (ConditionTimeoutException e) {
      throw new IllegalStateException("these are not up:\n" + logsOfThoseThatAreNotUp(), e);
    }
    if (fresh && nodes.size() > 1 && ServerProgram.isRelease("4.0")) {
      replicateRoles();
    }
  }

  /// 4.0 knows no setting for that.
  private void replicateRoles() {
    try (CqlSession session = superuser()) {
      session.execute(
          "ALTER KEYSPACE system_auth WITH replication = {'class': 'NetworkTopologyStrategy', 'dc1': "
              + nodes.size()
              + "}");
    }
    for (TestNode node : nodes) {
      List<String> _ =
          new NodeRepair(node.connection(), CopyProgress.silent(), Pause.parking()).run();
    }
  }

  private String logsOfThoseThatAreNotUp() {
    return String.join(
        "\n",
        nodes.stream()
            .filter(node -> !isUp(node))
            .map(node -> node + ":\n" + node.threads() + "\n" + node.newestLog())
            .toList());
  }

  private static void requireRunning(TestNode node) {
    if (!node.isRunning()) {
      throw new IllegalStateException(node + " ended:\n" + node.newestLog());
    }
  }

  private boolean isUp(TestNode node) {
    try (NodeSession session = node.connection().open()) {
      return session.mode().equals("NORMAL")
          && session.live().size() == nodes.size()
          && session.servesClients();
    } catch (ChrysalisException e) {
      return false;
    }
  }

  /// How the bulk loader reaches it.
  public TargetRing target() {
    return new TargetRing(
        List.of(nodes.getFirst().clientsAddress()),
        CQL_PORT,
        Optional.of(configuration()),
        Optional.of(new TargetRing.Login("cassandra", "cassandra")),
        0);
  }

  /// What the bulk loader runs from.
  public static LoaderProgram loader() {
    return ServerProgram.loader();
  }

  /// A session of the superuser, to be closed. For a moment after a start no node may know enough
  /// others to check who it is.
  public CqlSession superuser() {
    return Awaitility.await("a login")
        .atMost(PATIENCE)
        .ignoreException(AllNodesFailedException.class)
        .until(() -> nodes.getFirst().session("cassandra", "cassandra"), _ -> true);
  }

  /// Ends all nodes as a power cut does.
  public void kill() {
    nodes.forEach(TestNode::kill);
  }

  /// Ends one node so, and waits until all others miss it: until then they ask it in vain.
  public void killOne(TestNode gone) {
    gone.kill();
    for (TestNode other : nodes) {
      if (other.isRunning()) {
        Awaitility.await(other.address() + " misses " + gone.address())
            .atMost(Duration.ofMinutes(1))
            .until(() -> {
              try (NodeSession session = other.connection().open()) {
                return session.unreachable().contains(gone.address());
              }
            });
      }
    }
  }

  /// A network of loopback addresses on which nothing uses the standard ports.
  private static String freeNetwork(int nodes) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = 0; i < 100; i++) {
      String network = "127.%d.%d".formatted(random.nextInt(16, 250), random.nextInt(256));
      if (isFree(network, nodes)) {
        return network;
      }
    }
    throw new IllegalStateException("no free loopback network");
  }

  private static boolean isFree(String network, int nodes) {
    for (int i = 1; i <= nodes; i++) {
      for (int port : List.of(CassandraNode.JMX_PORT, CQL_PORT)) {
        try (ServerSocket probe = new ServerSocket()) {
          probe.bind(new InetSocketAddress(InetAddress.getByName(network + "." + i), port));
        } catch (IOException taken) {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  public void close() {
    nodes.forEach(TestNode::remove);
    try {
      Files.deleteIfExists(folder.resolve("keys.p12"));
      Files.deleteIfExists(folder.resolve("log-keys.jceks"));
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
