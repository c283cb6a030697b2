package dev.chrysalis.cassandra.agent.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.RMISocketFactory;
import java.rmi.server.UnicastRemoteObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;
import javax.management.ObjectName;
import javax.management.StandardEmitterMBean;
import javax.management.remote.JMXServiceURL;
import javax.management.remote.rmi.RMIConnectorServer;
import javax.management.remote.rmi.RMIJRMPServerImpl;
import org.jspecify.annotations.Nullable;

/// What a node's JMX tells of repairs, on a free port, by a real registry and connector.
final class FakeNode implements AutoCloseable {
  /// As the server names and types them.
  public interface StorageServiceMBean {
    List<String> getNonLocalStrategyKeyspaces();

    String getOperationMode();

    int repairAsync(String keyspace, Map<String, String> options);
  }

  private static final int ERROR = 2;
  private static final int COMPLETE = 5;

  private final NotificationBroadcasterSupport events = new NotificationBroadcasterSupport();
  private final List<String> repaired = new CopyOnWriteArrayList<>();
  private final AtomicInteger failures = new AtomicInteger();
  private final Registry registry;
  private final RMIConnectorServer connector;
  private String trouble = "";
  private int port;

  FakeNode(List<String> keyspaces) throws IOException, JMException {
    MBeanServer beans = MBeanServerFactory.newMBeanServer();
    beans.registerMBean(
        new StandardEmitterMBean(service(keyspaces), StorageServiceMBean.class, events),
        new ObjectName("org.apache.cassandra.db:type=StorageService"));
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
        return "NORMAL";
      }

      @Override
      public int repairAsync(String keyspace, Map<String, String> options) {
        repaired.add(keyspace);
        int number = repaired.size();
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
          tell(number, ERROR, trouble);
        }
        tell(number, COMPLETE, null);
        return number;
      }
    };
  }

  private void tell(int number, int type, @Nullable String message) {
    Notification event = new Notification("progress", "repair:" + number, number, message);
    event.setUserData(Map.of("type", type));
    events.sendNotification(event);
  }

  @Override
  public void close() throws IOException {
    connector.stop();
    UnicastRemoteObject.unexportObject(registry, true);
  }
}
