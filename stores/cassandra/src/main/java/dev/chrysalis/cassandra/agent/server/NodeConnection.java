package dev.chrysalis.cassandra.agent.server;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.CassandraNode;
import dev.chrysalis.cassandra.PasswordFile;
import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.rmi.NotBoundException;
import java.rmi.Remote;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.time.Duration;
import java.util.Map;
import javax.management.remote.JMXConnector;
import javax.management.remote.rmi.RMIConnector;
import javax.management.remote.rmi.RMIServer;
import javax.rmi.ssl.SslRMIClientSocketFactory;

/// Opens sessions with one node's JMX. The password is read from its file at each, and is never
/// part of a message. Safe for many threads.
///
/// Errors: `UNREACHABLE` (nothing answers), `REFUSED_LOGIN`, `BAD_SETTING` (the password file
/// cannot be read).
public final class NodeConnection {
  private static final String HINT =
      "see whether the node runs, and where its JMX listens: cassandra-env.sh, CASSANDRA_JMX_HOST"
          + " and CASSANDRA_JMX_PORT";

  private final CassandraNode node;
  private final Duration timeout;

  /// @param timeout for connecting, and for each answer that is not a long work's
  public NodeConnection(CassandraNode node, Duration timeout) {
    this.node = node;
    this.timeout = timeout;
  }

  /// Opens a session. To be closed by the caller.
  public NodeSession open() {
    Patience patience = new Patience(node, timeout);
    return new NodeSession(patience.call("connect to", this::connect), patience);
  }

  private JMXConnector connect() throws IOException {
    try {
      // Without JNDI, which would follow wherever the name leads.
      Remote server = registry().lookup("jmxrmi");
      if (!(server instanceof RMIServer rmi)) {
        throw new IOException("what is registered there as jmxrmi is no JMX");
      }
      JMXConnector connector = new RMIConnector(rmi, credentials());
      connector.connect();
      return connector;
    } catch (SecurityException e) {
      throw new ChrysalisException(
          CassandraErrors.REFUSED_LOGIN,
          "the JMX of %s refuses the user '%s'".formatted(node, node.user()),
          "give the agent a user of jmxremote.password: CASSANDRA_JMX_USER and"
              + " CASSANDRA_JMX_PASSWORD_FILE",
          e);
    } catch (IOException | NotBoundException e) {
      throw new ChrysalisException(
          CassandraErrors.UNREACHABLE,
          "the JMX of %s does not answer: %s".formatted(node, reason(e)),
          HINT,
          e);
    }
  }

  private Registry registry() throws RemoteException {
    return node.tls()
        ? LocateRegistry.getRegistry(node.host(), node.port(), new SslRMIClientSocketFactory())
        : LocateRegistry.getRegistry(node.host(), node.port());
  }

  /// RMI puts its causes into its message, on lines of their own.
  private static Throwable reason(Throwable e) {
    Throwable reason = e;
    while (reason.getCause() != null) {
      reason = reason.getCause();
    }
    return reason;
  }

  private Map<String, Object> credentials() {
    return node.passwordFile()
        .<Map<String, Object>>map(file ->
            Map.of(JMXConnector.CREDENTIALS, new String[] {node.user(), PasswordFile.read(file)}))
        .orElse(Map.of());
  }
}
