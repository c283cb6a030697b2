package dev.chrysalis.cassandra.agent.server;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.CopyProgress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// Makes the replicas of all that one node holds alike, keyspace by keyspace, as `nodetool repair
/// --full` does: what the node missed it gets, and what only it has others get. May be repeated.
///
/// Errors: `COMMAND_FAILED` where a repair fails, and those of `NodeSession`.
public final class NodeRepair {
  private static final Duration POLL = Duration.ofMillis(500);

  /// Full, since an incremental repair passes over what was repaired before it was lost; in
  /// parallel, since a sequential one makes snapshots; with what the node's own ranges are shared
  /// with.
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
      List<String> keyspaces = session.sharedKeyspaces().stream().sorted().toList();
      int done = 0;
      for (String keyspace : keyspaces) {
        progress.progress("repairing " + keyspace, done++, keyspaces.size());
        repair(session, keyspace);
      }
      return keyspaces;
    }
  }

  private static void repair(NodeSession session, String keyspace) {
    int number = session.beginRepair(keyspace, OPTIONS);
    if (number == 0) {
      return;
    }
    while (true) {
      List<String> state = session.repairState(number);
      switch (state.isEmpty() ? "IN_PROGRESS" : state.getFirst()) {
        case "COMPLETED" -> {
          return;
        }
        case "FAILED" ->
            throw new ChrysalisException(
                CassandraErrors.COMMAND_FAILED,
                "the repair of %s failed: %s".formatted(keyspace, state.getLast()),
                "see the nodes' logs; all replicas have to be up for it");
        default -> pause();
      }
    }
  }

  private static void pause() {
    LockSupport.parkNanos(POLL.toNanos());
    if (Thread.currentThread().isInterrupted()) {
      throw new ChrysalisException(
          CassandraErrors.INTERRUPTED, "interrupted while a node was repaired", "start it again");
    }
  }
}
