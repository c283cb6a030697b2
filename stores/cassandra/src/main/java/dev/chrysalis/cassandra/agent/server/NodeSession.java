package dev.chrysalis.cassandra.agent.server;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.management.MBeanServerConnection;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;

/// A session with one node's JMX: its `StorageService`, `StorageProxy` and snitch, as `nodetool`
/// asks them. For one thread.
public final class NodeSession implements AutoCloseable {
  private static final ObjectName STORAGE = name("org.apache.cassandra.db:type=StorageService");
  private static final ObjectName PROXY = name("org.apache.cassandra.db:type=StorageProxy");
  private static final ObjectName SNITCH = name("org.apache.cassandra.db:type=EndpointSnitchInfo");
  private static final ObjectName GOSSIPER = name("org.apache.cassandra.net:type=Gossiper");
  private static final ObjectName STREAMS = name("org.apache.cassandra.net:type=StreamManager");
  private static final ObjectName RUNTIME = name(ManagementFactory.RUNTIME_MXBEAN_NAME);
  private static final String[] TAKES_SNAPSHOT = {
    String.class.getName(), Map.class.getName(), String[].class.getName()
  };
  private static final String[] CLEARS_SNAPSHOT = {
    String.class.getName(), String[].class.getName()
  };

  private static final String[] REBUILDS_INDEXES = {
    String.class.getName(), String.class.getName(), String[].class.getName()
  };

  private static final String[] ONE_TEXT = {String.class.getName()};
  private static final String[] ONE_NUMBER = {int.class.getName()};
  private static final String[] REPAIRS = {String.class.getName(), Map.class.getName()};

  private final JMXConnector connector;
  private final Patience patience;
  private final Map<String, String> datacenters = new HashMap<>();

  NodeSession(JMXConnector connector, Patience patience) {
    this.connector = connector;
    this.patience = patience;
  }

  /// `NORMAL`, `JOINING`, `LEAVING`, `DRAINED`, `STARTING` and the like.
  public String mode() {
    return text("OperationMode");
  }

  /// Whether clients can connect.
  public boolean servesClients() {
    return Boolean.TRUE.equals(asked(STORAGE, "NativeTransportRunning"));
  }

  public String version() {
    return text("ReleaseVersion");
  }

  public String cluster() {
    return text("ClusterName");
  }

  /// The node's name in its ring, which goes with its data and not with its address.
  public String hostId() {
    return text("LocalHostId");
  }

  /// The newest schema that the node has.
  public String schemaVersion() {
    return text("SchemaVersion");
  }

  public List<String> tokens() {
    return texts("Tokens");
  }

  /// The folders for tables, as the node's process sees them.
  public List<Path> dataDirectories() {
    return texts("AllDataFileLocations").stream().map(Path::of).toList();
  }

  /// The addresses of nodes that this one takes for alive, itself among them.
  public Set<String> live() {
    return new TreeSet<>(texts("LiveNodes"));
  }

  public Set<String> unreachable() {
    return new TreeSet<>(texts("UnreachableNodes"));
  }

  public Set<String> joining() {
    return new TreeSet<>(texts("JoiningNodes"));
  }

  public Set<String> leaving() {
    return new TreeSet<>(texts("LeavingNodes"));
  }

  public Set<String> moving() {
    return new TreeSet<>(texts("MovingNodes"));
  }

  /// The host id of each node of the ring, by its address.
  public Map<String, String> hostIds() {
    return asked(STORAGE, "EndpointToHostId") instanceof Map<?, ?> map ? strings(map) : Map.of();
  }

  /// That of another node.
  String datacenter(String address) {
    return datacenters.computeIfAbsent(
        address,
        _ -> {
          Object[] arguments = {address};
          return String.valueOf(
              patience.call(
                  "tell the datacenter of " + address,
                  () -> connection().invoke(SNITCH, "getDatacenter", arguments, ONE_TEXT)));
        });
  }

  public String datacenter() {
    return String.valueOf(asked(SNITCH, "Datacenter"));
  }

  public String rack() {
    return String.valueOf(asked(SNITCH, "Rack"));
  }

  /// Whether it speaks with the other nodes: one that cannot trust its disk goes silent.
  public boolean gossips() {
    return Boolean.TRUE.equals(asked(STORAGE, "GossipRunning"));
  }

  /// How many streams of data from or to other nodes are under way.
  public int streams() {
    return asked(STREAMS, "CurrentStreams") instanceof Collection<?> all ? all.size() : 0;
  }

  /// For how long it has not heard of a node.
  public Duration downtime(String address) {
    Object[] arguments = {address};
    Object millis =
        patience.call(
            "tell for how long " + address + " is down",
            () -> connection().invoke(GOSSIPER, "getEndpointDowntime", arguments, ONE_TEXT));
    return Duration.ofMillis(millis instanceof Number n ? Math.max(0, n.longValue()) : 0);
  }

  /// For how long it keeps hints for a node that is down; empty where it keeps none.
  public Optional<Duration> hintWindow() {
    return Boolean.TRUE.equals(asked(PROXY, "HintedHandoffEnabled"))
            && asked(PROXY, "MaxHintWindow") instanceof Number millis
        ? Optional.of(Duration.ofMillis(millis.longValue()))
        : Optional.empty();
  }

  /// The keyspaces whose rows lie on several nodes.
  public List<String> sharedKeyspaces() {
    return texts("NonLocalStrategyKeyspaces");
  }

  /// The nodes of each range of a keyspace.
  public List<List<String>> replicas(String keyspace) {
    Object[] arguments = {keyspace};
    Object ranges =
        patience.call(
            "tell the ranges of " + keyspace,
            () -> connection().invoke(STORAGE, "getRangeToEndpointMap", arguments, ONE_TEXT));
    return ranges instanceof Map<?, ?> map
        ? map.values().stream()
            .map(nodes -> nodes instanceof List<?> list ? strings(list) : List.<String>of())
            .toList()
        : List.of();
  }

  /// Begins to make all replicas of what this node holds of a keyspace alike, and does not wait.
  ///
  /// @param options those of `nodetool repair`
  /// @return its number; 0 where there is nothing to do
  public int beginRepair(String keyspace, Map<String, String> options) {
    Object[] arguments = {keyspace, options};
    Object number =
        patience.call(
            "repair " + keyspace,
            () -> connection().invoke(STORAGE, "repairAsync", arguments, REPAIRS));
    return number instanceof Integer n ? n : 0;
  }

  /// How a repair stands: `IN_PROGRESS`, `COMPLETED` or `FAILED`, and what the node has to say of
  /// it; empty where it does not know one of that number (yet). Needs Guava at run time: such are
  /// the lists that a server answers with.
  List<String> repairStatus(int number) {
    Object[] arguments = {number};
    return patience.call(
                "tell of its repairs",
                () -> connection().invoke(STORAGE, "getParentRepairStatus", arguments, ONE_NUMBER))
            instanceof List<?> told
        ? strings(told)
        : List.of();
  }

  /// Whether a table has that index, which has a table of its own.
  public boolean hasIndex(String keyspace, String table, String index) {
    ObjectName bean =
        name(
            "org.apache.cassandra.db:type=IndexTables,keyspace=%s,table=%s.%s"
                .formatted(keyspace, table, index));
    return patience.call("tell of the index " + index, () -> connection().isRegistered(bean));
  }

  /// Builds secondary indexes of a table anew from its rows, and waits for the end.
  ///
  /// @param indexes their names
  public void rebuildIndexes(String keyspace, String table, List<String> indexes, Duration within) {
    Object[] arguments = {keyspace, table, indexes.toArray(String[]::new)};
    patience.call(
        "build indexes of %s.%s".formatted(keyspace, table),
        () -> invoke("rebuildSecondaryIndex", arguments, REBUILDS_INDEXES),
        within);
  }

  /// When its process began, in milliseconds since the epoch.
  long processBegan() {
    return asked(RUNTIME, "StartTime") instanceof Long began ? began : 0;
  }

  /// Flushes all tables and links their files under a name. It is an error if there is one of that
  /// name.
  ///
  /// @param options those of `nodetool snapshot`
  public void takeSnapshot(String tag, Map<String, String> options, Duration within) {
    Object[] arguments = {tag, options, new String[0]};
    patience.call(
        "take a snapshot", () -> invoke("takeSnapshot", arguments, TAKES_SNAPSHOT), within);
  }

  /// Removes a snapshot of all tables; does nothing where there is none.
  public void clearSnapshot(String tag, Duration within) {
    Object[] arguments = {tag, new String[0]};
    patience.call(
        "clear a snapshot", () -> invoke("clearSnapshot", arguments, CLEARS_SNAPSHOT), within);
  }

  /// The names of the snapshots that lie on the node.
  public Set<String> snapshots() {
    return asked(STORAGE, "SnapshotDetails") instanceof Map<?, ?> map
        ? new TreeSet<>(strings(map.keySet().stream().toList()))
        : Set.of();
  }

  private Set<String> invoke(String operation, Object[] arguments, String[] signature)
      throws Exception {
    Object _ = connection().invoke(STORAGE, operation, arguments, signature);
    return Set.of();
  }

  private MBeanServerConnection connection() throws IOException {
    return connector.getMBeanServerConnection();
  }

  private String text(String attribute) {
    return Objects.requireNonNullElse(asked(STORAGE, attribute), "").toString();
  }

  private List<String> texts(String attribute) {
    Object value = asked(STORAGE, attribute);
    return value instanceof String[] array
        ? Arrays.asList(array)
        : value instanceof List<?> list ? strings(list) : List.of();
  }

  private static List<String> strings(List<?> values) {
    return values.stream().map(String::valueOf).toList();
  }

  private static Map<String, String> strings(Map<?, ?> map) {
    Map<String, String> strings = new TreeMap<>();
    map.forEach((key, value) -> strings.put(String.valueOf(key), String.valueOf(value)));
    return strings;
  }

  private Object asked(ObjectName bean, String attribute) {
    return patience.call("tell its " + attribute, () -> connection().getAttribute(bean, attribute));
  }

  private static ObjectName name(String text) {
    try {
      return new ObjectName(text);
    } catch (MalformedObjectNameException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public void close() {
    try {
      Object _ = patience.call("end the session", this::closed);
    } catch (ChrysalisException e) {
      if (e.code().equals(CassandraErrors.INTERRUPTED)) {
        throw e;
      }
      // A node that has gone away has ended the session itself.
    }
  }

  private boolean closed() throws IOException {
    connector.close();
    return true;
  }
}
