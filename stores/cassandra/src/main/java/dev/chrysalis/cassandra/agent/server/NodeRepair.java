package dev.chrysalis.cassandra.agent.server;

import dev.chrysalis.platform.volume.CopyProgress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Makes the replicas of all that one node holds alike, keyspace by keyspace, as `nodetool repair
/// --full` does: what the node missed it gets, and what only it has others get. May be repeated.
///
/// Errors: `COMMAND_FAILED` where a repair fails, and those of `NodeSession`.
public final class NodeRepair {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /// Full, since an incremental repair passes over what was repaired before it was lost; in
  /// parallel, since a sequential one makes snapshots; of all ranges that the node holds.
  private static final Map<String, String> OPTIONS =
      Map.of("incremental", "false", "parallelism", "parallel", "primaryRange", "false");

  private final NodeConnection node;
  private final CopyProgress progress;

  public NodeRepair(NodeConnection node, CopyProgress progress) {
    this.node = node;
    this.progress = progress;
  }

  /// Repairs all keyspaces that the node shares with others.
  ///
  /// @return the keyspaces
  public List<String> run() {
    try (NodeSession session = node.open()) {
      RepairEvents events = session.hearRepairs();
      List<String> keyspaces =
          session.sharedKeyspaces().stream()
              .filter(keyspace -> !NodeStatus.DISPENSABLE.contains(keyspace))
              .sorted()
              .toList();
      int done = 0;
      for (String keyspace : keyspaces) {
        progress.progress("repairing " + keyspace, done++, 0);
        int number = session.beginRepair(keyspace, OPTIONS);
        if (number != 0) {
          events.awaitEnd(
              number,
              keyspace,
              PATIENCE,
              () -> {
                String _ = session.mode();
              });
        }
      }
      return keyspaces;
    }
  }
}
