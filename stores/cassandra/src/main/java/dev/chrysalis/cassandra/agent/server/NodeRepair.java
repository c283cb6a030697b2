package dev.chrysalis.cassandra.agent.server;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.vault.backend.Pause;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Makes the replicas of all that one node holds alike, keyspace by keyspace, as `nodetool repair
/// --full` does: what the node missed it gets, and what only it has others get. May be repeated.
/// Does so itself a few times: a node that hears late that this one has restarted ends the repair
/// which this one had begun meanwhile (`ActiveRepairService.onRestart`), and one that is down for a
/// moment refuses it.
///
/// Errors: `COMMAND_FAILED` where a repair fails again and again, and those of `NodeSession`.
public final class NodeRepair {
  /// Before each new try.
  private static final List<Duration> PAUSES =
      List.of(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofMinutes(1));

  /// Full, since an incremental repair passes over what was repaired before it was lost; in
  /// parallel, since a sequential one makes snapshots; of all ranges that the node holds.
  private static final Map<String, String> OPTIONS =
      Map.of("incremental", "false", "parallelism", "parallel", "primaryRange", "false");

  private static final Pattern RANGES = Pattern.compile("\\[(\\([^()\\]]*](, )?)+]");

  private final NodeConnection node;
  private final CopyProgress progress;
  private final Pause pause;

  /// @param pause between two tries of the same keyspace, and two questions for its end
  public NodeRepair(NodeConnection node, CopyProgress progress, Pause pause) {
    this.node = node;
    this.progress = progress;
    this.pause = pause;
  }

  /// Repairs all keyspaces that the node shares with others.
  ///
  /// @return the keyspaces
  public List<String> run() {
    List<String> keyspaces = keyspaces();
    int done = 0;
    for (String keyspace : keyspaces) {
      progress.progress("repairing " + keyspace, done++, 0);
      repair(keyspace);
    }
    return keyspaces;
  }

  private List<String> keyspaces() {
    try (NodeSession session = node.open()) {
      return Quorums.keyspaces(session).stream().sorted().toList();
    }
  }

  private void repair(String keyspace) {
    Optional<String> trouble = tried(keyspace);
    for (Duration before : PAUSES) {
      if (trouble.isEmpty()) {
        return;
      }
      progress.note(
          "the repair of %s failed and is begun again: %s"
              .formatted(keyspace, brief(trouble.get())));
      waitFor(before);
      trouble = triedAgain(keyspace);
    }
    if (trouble.isPresent()) {
      throw new ChrysalisException(
          CassandraErrors.COMMAND_FAILED,
          "the repair of %s failed %d times, at last: %s"
              .formatted(keyspace, PAUSES.size() + 1, brief(trouble.get())),
          "see the nodes' logs; all replicas have to be up for it");
    }
  }

  /// A node that was restarted meanwhile may not be up again.
  private Optional<String> triedAgain(String keyspace) {
    try {
      return tried(keyspace);
    } catch (ChrysalisException e) {
      if (RunningRepair.passes(e)) {
        return Optional.of(String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  private Optional<String> tried(String keyspace) {
    RunningRepair repair;
    try (NodeSession session = node.open()) {
      String mode = session.mode();
      if (!mode.equals("NORMAL")) {
        // Such a one says that it has nothing to repair.
        return Optional.of("the node is " + mode);
      }
      long process = session.processBegan();
      int number = session.beginRepair(keyspace, OPTIONS);
      if (number == 0) {
        return Optional.empty();
      }
      repair = new RunningRepair(node, pause, number, process);
    }
    return waiting(repair::awaitEnd);
  }

  private void waitFor(Duration time) {
    boolean _ =
        waiting(() -> {
          pause.take(time);
          return true;
        });
  }

  private static <T> T waiting(Waiting<T> what) {
    try {
      return what.end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChrysalisException(
          CassandraErrors.INTERRUPTED, "interrupted while a node was repaired", "start it again");
    }
  }

  @FunctionalInterface
  private interface Waiting<T> {
    T end() throws InterruptedException;
  }

  /// A server names all its ranges, twice, and then what happened.
  private static String brief(String trouble) {
    return RANGES.matcher(trouble).replaceAll("[…]");
  }
}
