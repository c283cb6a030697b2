package dev.chrysalis.cli;

import dev.chrysalis.lab.LabLayout;
import dev.chrysalis.lab.LabSecrets;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.process.MemberProcess;
import dev.chrysalis.platform.process.ProcessPlatform;
import dev.chrysalis.platform.process.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.rmi.NotBoundException;
import java.rmi.registry.LocateRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.rmi.RMIConnector;
import javax.management.remote.rmi.RMIServer;

/// The lab's ring, as somebody with its passwords handles it.
record RingOfLab(ProcessPlatform platform, LabLayout layout) {
  private static final int JMX_PORT = 7199;
  private static final int CONTINUE = 18;

  /// Until a node is started again.
  void keepHintsFor(Duration window) throws IOException {
    for (Member member : platform.workload("cassandra").members()) {
      set(member.address(), (int) window.toMillis());
    }
  }

  private void set(String address, int millis) throws IOException {
    String password = Files.readString(new LabSecrets(layout.secrets()).cassandraJmx()).strip();
    Map<String, Object> login =
        Map.of(JMXConnector.CREDENTIALS, new String[] {"chrysalis", password});
    try (JMXConnector connector = new RMIConnector(server(address), login)) {
      connector.connect();
      connector
          .getMBeanServerConnection()
          .setAttribute(
              new ObjectName("org.apache.cassandra.db:type=StorageProxy"),
              new Attribute("MaxHintWindow", millis));
    } catch (JMException e) {
      throw new IOException(e);
    }
  }

  private static RMIServer server(String address) throws IOException {
    try {
      return (RMIServer) LocateRegistry.getRegistry(address, JMX_PORT).lookup("jmxrmi");
    } catch (NotBoundException e) {
      throw new IOException(e);
    }
  }

  /// Halts a node and the agent beside it, as where their machine is away.
  void halt(MemberId member) {
    send(member, Signals.STOP);
  }

  /// Lets processes go on that were halted.
  void wake(List<MemberId> members) {
    members.forEach(member -> send(member, CONTINUE));
  }

  private void send(MemberId member, int signal) {
    Signals signals = new Signals();
    platform.processes(member).stream()
        .map(MemberProcess::pid)
        .forEach(pid -> signals.send(pid, signal));
  }
}
