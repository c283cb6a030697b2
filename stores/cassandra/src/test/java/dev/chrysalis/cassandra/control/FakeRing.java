package dev.chrysalis.cassandra.control;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.workloads.FakeAgents;
import dev.chrysalis.workloads.FakeJob;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Three nodes of a ring and two services on a `FakePlatform`, with agents. What a node has lies as
/// a few words in its volume, so that it is set aside and given back like data. One that starts on
/// an empty volume copies everything where it was told whose place it takes, is refused by nodes
/// that serve, and else makes a ring of its own. What must never happen is watched.
///
/// Everything is guarded by the platform's monitor.
final class FakeRing implements FakeAgents.Near {
  static final List<MemberId> NODES =
      IntStream.range(0, 3).mapToObj(n -> new MemberId("cassandra", n)).toList();
  static final List<String> CLIENTS = List.of("capsule", "plato");
  private static final long OLD_DATA = 10_000;

  private final FakePlatform platform;
  private final FakeRingPoints vault;
  private final List<String> violations = new ArrayList<>();
  private final List<String> done = new ArrayList<>();
  private final List<MemberId> keep = new ArrayList<>();
  private final Map<MemberId, String> replaces = new HashMap<>();
  private @Nullable MemberId withoutRoom;
  private JobEvent.@Nullable Failed comparison;
  private final Set<MemberId> endsAtMoment = new HashSet<>();
  private final Set<MemberId> spoilt = new HashSet<>();
  private final Set<MemberId> ending = new HashSet<>();
  private boolean ownTablesDamaged;
  private final Set<MemberId> spoiltInVault = new HashSet<>();

  FakeRing(Clock clock) {
    platform =
        new FakePlatform(clock)
            .with("cassandra", Workload.Kind.STATEFUL_SET, 3, 3, true)
            .with("capsule", Workload.Kind.DEPLOYMENT, 2, 4, false)
            .with("plato", Workload.Kind.DEPLOYMENT, 1, 4, false);
    vault = new FakeRingPoints(clock, this::damagedInVault);
    NODES.forEach(node -> fill(node, "100"));
    FakeAgents agents = new FakeAgents(platform, this);
    platform.withAgent(agents::run);
    platform.afterCall(this::watch);
  }

  FakePlatform platform() {
    return platform;
  }

  FakeRingPoints vault() {
    return vault;
  }

  /// The node's data is of no use any more, yet there: whoever replaces it has to keep it.
  void damage(MemberId node) {
    synchronized (platform) {
      data(node).clear();
      data(node).put("damaged", "x".repeat((int) OLD_DATA));
      keep.add(node);
      platform.hang(node);
    }
  }

  /// The node goes on serving wrong values: whoever brings older ones back has to keep these.
  void corrupt(MemberId node) {
    synchronized (platform) {
      data(node).put("damaged", "x".repeat((int) OLD_DATA));
      keep.add(node);
    }
  }

  /// Its server ends each time before it serves, as with a log that it cannot read.
  void keepEnding(MemberId node) {
    synchronized (platform) {
      ending.add(node);
    }
  }

  /// One of its SSTables is not what it wrote, as its backup has found.
  void spoil(MemberId node) {
    synchronized (platform) {
      spoilt.add(node);
      spoiltInVault.add(node);
    }
  }

  /// What is damaged of nodes are tables that no other node has.
  void damageOwnTables() {
    synchronized (platform) {
      ownTablesDamaged = true;
    }
  }

  private Set<MemberId> damagedInVault() {
    synchronized (platform) {
      return Set.copyOf(spoiltInVault);
    }
  }

  /// Restores of that node fail half-way from now on.
  void leaveNoRoom(MemberId node) {
    synchronized (platform) {
      withoutRoom = node;
    }
  }

  /// Comparisons of rows end so from now on.
  void failComparison(ErrorCode code, String message) {
    synchronized (platform) {
      comparison = new JobEvent.Failed(code.toString(), message, "look at it");
    }
  }

  /// Its volume is gone and an empty one is in its place.
  void empty(MemberId node) {
    synchronized (platform) {
      data(node).clear();
    }
  }

  Map<String, String> data(MemberId node) {
    return platform.files(node);
  }

  List<String> violations() {
    synchronized (platform) {
      return List.copyOf(violations);
    }
  }

  /// What took effect: `repair cassandra-1`.
  List<String> done() {
    synchronized (platform) {
      return List.copyOf(done);
    }
  }

  /// Whether anything is left in a configuration that was meant for one start.
  boolean leftOvers() {
    synchronized (platform) {
      return !replaces.isEmpty() || !endsAtMoment.isEmpty();
    }
  }

  boolean serves(MemberId node) {
    return runs(node) && data(node).containsKey("rows") && !ending.contains(node);
  }

  private boolean runs(MemberId node) {
    return platform.workload(node.workload()).members().stream()
        .anyMatch(m -> m.id().equals(node) && m.ready() && m.phase() == Member.Phase.RUNNING);
  }

  private void fill(MemberId node, String rows) {
    data(node).put("rows", rows);
    data(node).put("host", "host-" + node.ordinal());
  }

  @Override
  public String store() {
    return "cassandra";
  }

  @Override
  public void violated(String rule) {
    violations.add(rule);
  }

  @Override
  public Map<String, String> status(MemberId node) {
    settle();
    Map<String, String> data = data(node);
    Map<String, String> status = new TreeMap<>();
    status.put(
        "data",
        data.containsKey("rows")
            ? "present"
            : data.containsKey("half")
                ? "half-restored"
                : data.containsKey("unjoined") ? "unjoined" : "empty");
    if (!serves(node)) {
      status.put("server", "down");
      return status;
    }
    status.putAll(Map.of("server", "up", "mode", "NORMAL", "gossip", "yes", "clients", "yes"));
    status.put("hostId", data.getOrDefault("host", ""));
    status.put("schema", "v1");
    status.put("hints.window", "10800");
    int missed = 0;
    for (MemberId other : NODES) {
      int n = other.ordinal();
      boolean up = serves(other);
      status.put(
          "ring." + n, "host-%d 127.0.0.%d %s normal".formatted(n, n + 1, up ? "up" : "down"));
      if (!up) {
        status.put("downtime." + missed++, "127.0.0.%d 30".formatted(n + 1));
      }
    }
    if (missed > 1) {
      status.put("quorum.lost", "capsule:24/24");
    }
    return status;
  }

  /// What nodes do by themselves.
  private void settle() {
    ending.stream().filter(this::runs).forEach(platform::kill);
    for (MemberId node : NODES) {
      Map<String, String> data = data(node);
      boolean fresh =
          runs(node)
              && !data.containsKey("rows")
              && !data.containsKey("half")
              && !data.containsKey("damaged");
      if (!fresh) {
        continue;
      }
      Optional<MemberId> source = NODES.stream().filter(this::serves).findFirst();
      if (source.isEmpty()) {
        violated(node + " began a ring without rows");
      } else if (replaces.containsKey(node)) {
        fill(node, data(source.get()).getOrDefault("rows", "0"));
        data.remove("unjoined");
      } else {
        data.put("unjoined", "yes");
      }
    }
  }

  @Override
  public Optional<JobEvent> step(MemberId node, FakeJob job) {
    if (job.phase == 0) {
      return Optional.of(new JobEvent.Note("beginning on " + node));
    }
    return switch (job.task.get(1)) {
      case "replace" -> replace(node, job);
      case "restore" -> restore(node, job);
      case "started" -> {
        boolean _ = endsAtMoment.remove(node);
        String _ = replaces.remove(node);
        yield ended(node, "started");
      }
      case "repair" -> besideServing(node, "repair");
      case "compare" -> compare(node);
      case "backup" -> backup(node);
      case "set-damaged-aside" -> setDamagedAside(node);
      default -> failed("CHR-6001", "no such task");
    };
  }

  private Optional<JobEvent> replace(MemberId node, FakeJob job) {
    if (runs(node)) {
      violated(node + " is told whose place it takes while it runs");
    }
    if (!data(node).isEmpty()) {
      violated(node + " takes a place over " + data(node).keySet());
    }
    if (!job.option("--replaced").equals("127.0.0." + (node.ordinal() + 1))) {
      violated(node + " takes the place of " + job.option("--replaced"));
    }
    replaces.put(node, job.option("--replaced"));
    return ended(node, "replace");
  }

  private Optional<JobEvent> restore(MemberId node, FakeJob job) {
    return switch (job.phase) {
      case 1 -> {
        beginRestore(node, job);
        yield Optional.of(new JobEvent.Progress("restoring", 0, 2));
      }
      case 2 -> {
        if (node.equals(withoutRoom)) {
          platform.lockVolume(node, false);
          yield failed(CassandraErrors.NO_ROOM.toString(), "no room for the files");
        }
        data(node).remove("half");
        fill(node, "103");
        if (!job.option("--to").isEmpty()) {
          boolean _ = endsAtMoment.add(node);
        }
        yield Optional.empty();
      }
      default -> {
        platform.lockVolume(node, false);
        yield ended(node, "restore");
      }
    };
  }

  private void beginRestore(MemberId node, FakeJob job) {
    Map<String, String> data = data(node);
    if (!data.isEmpty() && !data.containsKey("half")) {
      violated("restore of " + node + " over " + data.keySet());
    }
    if (runs(node)) {
      violated("restore of " + node + " while it runs");
    }
    if (!job.option("--snapshot").equals("snapshot-" + node.ordinal())) {
      violated("restore of " + node + " from " + job.option("--snapshot"));
    }
    platform.lockVolume(node, true);
    data.put("half", job.id);
    data.putIfAbsent("log", job.option("--log"));
    if (!job.option("--log").equals(data.get("log"))) {
      violated("restore of " + node + " to another moment than before");
    }
  }

  private Optional<JobEvent> compare(MemberId node) {
    if (CLIENTS.stream().anyMatch(s -> platform.workload(s).replicas() > 0)) {
      violated("rows are compared while clients write");
    }
    return comparison == null ? besideServing(node, "compare") : Optional.of(comparison);
  }

  private Optional<JobEvent> backup(MemberId node) {
    if (!spoilt.contains(node)) {
      spoiltInVault.remove(node);
    }
    return besideServing(node, "backup");
  }

  private Optional<JobEvent> setDamagedAside(MemberId node) {
    if (runs(node)) {
      violated("tables are taken from " + node + " while it runs");
    }
    if (ownTablesDamaged) {
      return failed(CassandraErrors.OWN_TABLES_DAMAGED.toString(), "only this node has them");
    }
    spoilt.remove(node);
    return ended(node, "set-damaged-aside");
  }

  private Optional<JobEvent> besideServing(MemberId node, String task) {
    return serves(node)
        ? ended(node, task)
        : failed(CassandraErrors.UNREACHABLE.toString(), node + " does not serve");
  }

  private Optional<JobEvent> ended(MemberId node, String task) {
    done.add(task + " " + node);
    return Optional.of(new JobEvent.Done(Map.of("bytes", "1", "seconds", "1.0")));
  }

  private static Optional<JobEvent> failed(String code, String message) {
    return Optional.of(new JobEvent.Failed(code, message, "look at it"));
  }

  private void watch(String call) {
    synchronized (platform) {
      settle();
      if (!keptOldData()) {
        violated("old data was dropped by " + call);
      }
      boolean clients = CLIENTS.stream().anyMatch(s -> platform.workload(s).replicas() > 0);
      if (call.startsWith("scale ") && clients && !endsAtMoment.isEmpty()) {
        violated("clients come back while a node would pass over what they write");
      }
    }
  }

  /// What is old and of no use must be there for ever: in its place or aside.
  boolean keptOldData() {
    return keep.stream()
        .allMatch(m ->
            data(m).containsKey("damaged")
                || platform.asides("cassandra").stream()
                    .anyMatch(a -> a.member().equals(m) && a.bytes() >= OLD_DATA));
  }
}
