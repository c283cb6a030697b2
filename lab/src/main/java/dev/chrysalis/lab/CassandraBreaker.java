package dev.chrysalis.lab;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.process.MemberProcess;
import dev.chrysalis.platform.process.ProcessPlatform;
import dev.chrysalis.platform.process.Signals;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Breaks the ring for good.
///
/// 1. A node is halted before anything else: from then on it acknowledges nothing, and that moment
///    is the disaster's.
/// 2. A volume that is to be destroyed is renamed away before the node is killed. Where an empty
///    one takes its place, the platform starts the node again at once, and the ring refuses it.
/// 3. Wrong values are written by a client as any other.
final class CassandraBreaker {
  static final List<MemberId> NODES =
      IntStream.range(0, LabAddresses.CASSANDRA_NODES)
          .mapToObj(i -> new MemberId(LabAddresses.CASSANDRA, i))
          .toList();

  private final ProcessPlatform platform;
  private final CassandraTasks tasks;
  private final Graveyard graves;
  private final Function<MemberId, Path> volumes;
  private final LabUser user;
  private final Clock clock;
  private final Signals signals = new Signals();

  CassandraBreaker(
      ProcessPlatform platform,
      CassandraTasks tasks,
      Graveyard graves,
      Function<MemberId, Path> volumes,
      LabUser user,
      Clock clock) {
    this.platform = platform;
    this.tasks = tasks;
    this.graves = graves;
    this.volumes = volumes;
    this.user = user;
    this.clock = clock;
  }

  Disaster nodeHung() {
    return halt(Fault.CASSANDRA_NODE_DOWN, List.of(NODES.getLast()));
  }

  Disaster nodeLost() {
    Disaster disaster = halt(Fault.CASSANDRA_NODE_LOST, List.of(NODES.getLast()));
    destroy(NODES.getLast(), true);
    graves.clear();
    return disaster;
  }

  /// As many nodes as leave no quorum: one hangs, one has lost its volume.
  Disaster quorumLost() {
    Disaster disaster = halt(Fault.CASSANDRA_QUORUM_LOST, NODES.subList(1, NODES.size()));
    destroy(NODES.getLast(), false);
    graves.clear();
    return disaster;
  }

  Disaster allLost() {
    return destroyAll(Fault.CASSANDRA_STORE_LOST, false);
  }

  Disaster emptied() {
    return destroyAll(Fault.CASSANDRA_EMPTIED, true);
  }

  private Disaster destroyAll(Fault fault, boolean comeBackEmpty) {
    Disaster disaster = halt(fault, NODES);
    NODES.forEach(node -> destroy(node, comeBackEmpty));
    graves.clear();
    return disaster;
  }

  Disaster overwrite() {
    Instant at = clock.instant();
    Instant before = Instant.parse(tasks.overwriteCapsules());
    return new Disaster(Fault.CASSANDRA_DATA_CORRUPTED, at, NODES, before);
  }

  private void destroy(MemberId node, boolean comesBackEmpty) {
    List<Long> processes = processes(node);
    graves.bury(volumes.apply(node));
    if (comesBackEmpty) {
      user.makeEmpty(volumes.apply(node));
    }
    processes.forEach(pid -> signals.send(pid, Signals.KILL));
  }

  private Disaster halt(Fault fault, List<MemberId> hit) {
    hit.stream()
        .flatMap(node -> processes(node).stream())
        .forEach(pid -> signals.send(pid, Signals.STOP));
    return Disaster.of(fault, clock.instant(), hit);
  }

  /// The server's own; not the agent's beside it.
  private List<Long> processes(MemberId node) {
    return platform.processes(node).stream()
        .filter(process -> process.container().equals(CassandraWorkloads.SERVER))
        .map(MemberProcess::pid)
        .toList();
  }
}
