package dev.chrysalis.recovery.cassandra;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.control.RestorePoints;
import dev.chrysalis.engine.Holder;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.recovery.store.ProofByAgent;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.proof.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Proves a restore point of a Cassandra ring by restoring it: the agent beside a node that serves
/// restores table by table, of all nodes and with their logs, into scratch space, has Cassandra's
/// own classes read all rows, and removes it. No server is started, and the living ring is not
/// asked.
public final class RingTrial {
  private static final Set<ErrorCode> AGAINST_IT =
      Set.of(
          CassandraErrors.STRANGE_PATH,
          CassandraErrors.LOG_UNUSABLE,
          CassandraErrors.TABLE_UNREADABLE,
          // The snapshots and the stretches of logs were chosen from what the vault had.
          CassandraErrors.NO_RESTORE_POINT,
          CassandraErrors.OUT_OF_WINDOW);

  private final CassandraStore store;
  private final ProofByAgent agent;

  /// @param agent of this datastore
  public RingTrial(CassandraStore store, ProofByAgent agent) {
    this.store = store;
    this.agent = agent;
  }

  /// Restores, reads, and keeps the proof, under the newest of the nodes' snapshots.
  ///
  /// @param asked one of the snapshots of a backup, which is proved alone; empty for all that is in
  ///   the vault
  public Proof prove(Optional<SnapshotId> asked, Holder holder, Consumer<JobEvent> seen) {
    ProofByAgent.Against against =
        new ProofByAgent.Against(
            e -> asked.or(this::newestSnapshot).filter(_ -> isDamage(e)), AGAINST_IT);
    return agent.prove(() -> attempt(asked), against, holder, seen);
  }

  private Optional<SnapshotId> newestSnapshot() {
    return store.points().newestSnapshot().map(SnapshotId::new);
  }

  /// Each node's first snapshot comes in its own time: until all are there, nothing has failed.
  private static boolean isDamage(ChrysalisException e) {
    return !e.code().equals(CassandraErrors.NO_RESTORE_POINT);
  }

  private ProofByAgent.Attempt attempt(Optional<SnapshotId> asked) {
    RestorePoints points = store.points();
    RestorePoints.Chosen point =
        asked
            .map(snapshot -> points.ofSnapshot(snapshot.value()))
            .orElseGet(() -> points.choose(Optional.empty()));
    return new ProofByAgent.Attempt(
        newest(point),
        missing(point),
        store::aServingNode,
        task(point),
        Map.of("target", point.at().toString()));
  }

  private static String missing(RestorePoints.Chosen point) {
    return point.parts().entrySet().stream()
        .filter(part -> part.getValue().missingPacks() > 0)
        .sorted(Map.Entry.comparingByKey())
        .map(part ->
            "snapshot %s of %s lacks %d of its packs"
                .formatted(
                    part.getValue().snapshot(), part.getKey(), part.getValue().missingPacks()))
        .collect(Collectors.joining(", "));
  }

  static List<String> task(RestorePoints.Chosen point) {
    List<String> task = new ArrayList<>(List.of("cassandra", "examine"));
    new TreeMap<>(point.parts())
        .forEach((member, part) -> task.addAll(List.of("--part", member + "=" + part.text())));
    return task;
  }

  private static SnapshotId newest(RestorePoints.Chosen point) {
    return point.parts().values().stream()
        .map(part -> new SnapshotId(part.snapshot()))
        .max(SnapshotId::compareTo)
        .orElseThrow();
  }
}
