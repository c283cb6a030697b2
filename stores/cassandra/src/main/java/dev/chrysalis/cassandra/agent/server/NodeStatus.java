package dev.chrysalis.cassandra.agent.server;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.agent.files.NodeFolders;
import dev.chrysalis.model.ChrysalisException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// A node's state for the controller: what it answers, and what lies on its volume, as one flat
/// map.
///
/// | key | value |
/// |---|---|
/// | `server` | `up`; `refused`: it runs, and the agent may not ask, or `down`: both with `server.code` and `server.error` |
/// | `version`, `cluster`, `hostId`, `datacenter`, `rack` | of the node |
/// | `mode` | `NORMAL`, `JOINING`, `LEAVING`, `MOVING`, `DRAINED` and the like |
/// | `clients` | `yes` where it takes connections of clients |
/// | `schema` | the version of the schema that it has; what the others have is theirs to say: asked for it, a node waits for those that hang |
/// | `gossip` | `no` where it has cut itself off from the others, as on a disk that it cannot trust |
/// | `streams` | how many streams of data from or to others are under way |
/// | `hints.window` | for how many seconds hints are kept for a node that is down; 0 where none are |
/// | `downtime.N` | each node that it does not hear, as `ADDRESS SECONDS` |
/// | `quorum.lost` | each keyspace with ranges of which it hears too few replicas for a quorum, as `KEYSPACE:RANGES/ALL`, with commas |
/// | `tokens` | how many it has |
/// | `ring.N` | each node of the ring that it knows, as `HOSTID ADDRESS up\|down normal\|joining\|leaving\|moving` |
/// | `data` and more | see `VolumeFacts` |
public final class NodeStatus {
  private NodeStatus() {}

  /// Reads both sides. A node that does not answer is a state, not an error; `VOLUME_FAILED` where
  /// the volume cannot be read.
  ///
  /// @param replaces whether it is told to take another's place: until it has joined, what it has
  ///   copied is no node's data
  public static Map<String, String> read(
      NodeConnection node, NodeFolders folders, boolean replaces) {
    Map<String, String> status = new TreeMap<>();
    try (NodeSession session = node.open()) {
      addNode(status, session);
      addRing(status, session);
      addWhatIsMissed(status, session);
      status.put("server", "up");
    } catch (ChrysalisException e) {
      if (e.code().equals(CassandraErrors.INTERRUPTED)) {
        throw e;
      }
      boolean down = e.code().equals(CassandraErrors.UNREACHABLE);
      status.put("server", down ? "down" : "refused");
      status.put("server.code", e.code().toString());
      status.put("server.error", String.valueOf(e.getMessage()));
    }
    VolumeFacts.add(status, folders);
    if (replaces && "present".equals(status.get("data")) && !"NORMAL".equals(status.get("mode"))) {
      status.put("data", "unjoined");
    }
    return status;
  }

  private static void addNode(Map<String, String> status, NodeSession session) {
    status.put("version", session.version());
    status.put("cluster", session.cluster());
    status.put("hostId", session.hostId());
    status.put("datacenter", session.datacenter());
    status.put("rack", session.rack());
    status.put("mode", session.mode());
    status.put("clients", session.servesClients() ? "yes" : "no");
    status.put("schema", session.schemaVersion());
    status.put("tokens", Integer.toString(session.tokens().size()));
    status.put("gossip", session.gossips() ? "yes" : "no");
    status.put("streams", Integer.toString(session.streams()));
    status.put(
        "hints.window", Long.toString(session.hintWindow().map(Duration::toSeconds).orElse(0L)));
  }

  private static void addRing(Map<String, String> status, NodeSession session) {
    Collection<String> live = session.live();
    Collection<String> joining = session.joining();
    Collection<String> leaving = session.leaving();
    Collection<String> moving = session.moving();
    Map<String, String> hosts = session.hostIds();
    int n = 0;
    for (String address : new TreeSet<>(hosts.keySet())) {
      String state =
          joining.contains(address)
              ? "joining"
              : leaving.contains(address)
                  ? "leaving"
                  : moving.contains(address) ? "moving" : "normal";
      String reach = live.contains(address) ? "up" : "down";
      status.put("ring." + n++, String.join(" ", hosts.get(address), address, reach, state));
    }
  }

  /// Only where it misses a node: of a large ring there are many ranges to look at.
  private static void addWhatIsMissed(Map<String, String> status, NodeSession session) {
    Set<String> missed = session.unreachable();
    int n = 0;
    for (String address : missed) {
      status.put("downtime." + n++, address + " " + session.downtime(address).toSeconds());
    }
    if (!missed.isEmpty()) {
      List<String> lost = new ArrayList<>();
      for (String keyspace : Quorums.keyspaces(session)) {
        List<List<String>> ranges = session.replicas(keyspace);
        long without =
            ranges.stream().filter(r -> !Quorums.are(r, missed, session::datacenter)).count();
        if (without > 0) {
          lost.add("%s:%d/%d".formatted(keyspace, without, ranges.size()));
        }
      }
      status.put("quorum.lost", String.join(",", lost));
    }
  }
}
