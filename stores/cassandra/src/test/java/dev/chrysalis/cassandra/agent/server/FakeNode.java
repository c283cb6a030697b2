package dev.chrysalis.cassandra.agent.server;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.RMISocketFactory;
import java.rmi.server.UnicastRemoteObject;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import javax.management.remote.JMXServiceURL;
import javax.management.remote.rmi.RMIConnectorServer;
import javax.management.remote.rmi.RMIJRMPServerImpl;
import org.jspecify.annotations.Nullable;

/// What a node's JMX tells of repairs, on a free port, by a real registry and connector.
final class FakeNode implements AutoCloseable {
  /// When the process began.
  public interface ProcessMBean {
    long getStartTime();
  }

  /// As the server names and types them.
  public interface StorageServiceMBean {
    List<String> getNonLocalStrategyKeyspaces();

    String getOperationMode();

    @Nullable List<String> getParentRepairStatus(int number);

    int repairAsync(String keyspace, Map<String, String> options);
  }

  private final Queue<List<String>> answers = new ConcurrentLinkedQueue<>();
  private final Queue<String> modes = new ConcurrentLinkedQueue<>();
  private final AtomicLong began = new AtomicLong(1);
  private final List<String> repaired = new CopyOnWriteArrayList<>();
  private final Map<Integer, List<String>> ended = new ConcurrentHashMap<>();
  private final AtomicInteger failures = new AtomicInteger();
  private final Registry registry;
  private final RMIConnectorServer connector;
  private String trouble = "";
  private int port;

  FakeNode(List<String> keyspaces) throws IOException, JMException {
    MBeanServer beans = MBeanServerFactory.newMBeanServer();
    beans.registerMBean(
        new StandardMBean(service(keyspaces), StorageServiceMBean.class),
        new ObjectName("org.apache.cassandra.db:type=StorageService"));
    beans.registerMBean(
        new StandardMBean((ProcessMBean) began::get, ProcessMBean.class),
        new ObjectName(ManagementFactory.RUNTIME_MXBEAN_NAME));
    registry =
        LocateRegistry.createRegistry(
            0, RMISocketFactory.getDefaultSocketFactory(), _ -> loopback());
    RMIJRMPServerImpl server = new RMIJRMPServerImpl(0, null, null, Map.of());
    connector =
        new RMIConnectorServer(new JMXServiceURL("service:jmx:rmi://"), Map.of(), server, beans);
    connector.start();
    registry.rebind("jmxrmi", server.toStub());
  }

  private ServerSocket loopback() throws IOException {
    ServerSocket socket = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    port = socket.getLocalPort();
    return socket;
  }

  int port() {
    return port;
  }

  void failNextRepairs(int count, String why) {
    failures.set(count);
    trouble = why;
  }

  /// What it answers first to those that ask how a repair stands; `UNABLE`: nothing, it fails;
  /// `RESTARTED`: it is another process.
  void answerFirst(String... statuses) {
    for (String status : statuses) {
      answers.add(List.of(status));
    }
  }

  /// In which modes it is first, before it is `NORMAL`; `UNABLE`: it fails to tell.
  void beFirst(String... first) {
    modes.addAll(List.of(first));
  }

  /// The keyspaces of all repairs that were begun.
  List<String> repaired() {
    return repaired;
  }

  private StorageServiceMBean service(List<String> keyspaces) {
    return new StorageServiceMBean() {
      @Override
      public List<String> getNonLocalStrategyKeyspaces() {
        return keyspaces;
      }

      @Override
      public String getOperationMode() {
        String first = modes.poll();
        if (first != null && first.equals("UNABLE")) {
          throw new IllegalStateException("a pause");
        }
        return first == null ? "NORMAL" : first;
      }

      @Override
      public @Nullable List<String> getParentRepairStatus(int number) {
        List<String> first = answers.poll();
        if (first == null) {
          return ended.get(number);
        }
        if (first.contains("UNABLE")) {
          throw new IllegalStateException("a pause");
        }
        if (first.contains("RESTARTED")) {
          began.incrementAndGet();
        }
        return first;
      }

      @Override
      public int repairAsync(String keyspace, Map<String, String> options) {
        repaired.add(keyspace);
        int number = repaired.size();
        boolean fails = failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        ended.put(number, fails ? List.of("FAILED", trouble, "finished") : List.of("COMPLETED"));
        return number;
      }
    };
  }

  @Override
  public void close() throws IOException {
    connector.stop();
    UnicastRemoteObject.unexportObject(registry, true);
  }
}
