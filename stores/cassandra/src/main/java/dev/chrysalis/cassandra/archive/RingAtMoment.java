package dev.chrysalis.cassandra.archive;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What brings the nodes of a ring to one moment, each by its own snapshot and log.
///
/// A log that ended before, as where the machine of its node was away at that moment, leads to its
/// own end only. What the node lacks then others have, as long as no more nodes lack something than
/// the ring can spare (`Spare`), and the ring has been the same since (`LateNodes`). It comes to
/// the node by reading at ALL, and by repair.
///
/// @param synced how much later than acknowledged a write may be synced
/// @param now by the clock that seals pieces
record RingAtMoment(Vault vault, String store, Instant moment, Duration synced, Instant now) {

  /// By member. `OUT_OF_WINDOW` and `TABLES_CHANGED` where the ring cannot be brought there.
  ///
  /// @param known all snapshots of the ring
  Map<MemberId, NodePoint> points(Collection<NodePoint.Host> nodes, NodesInVault known) {
    Map<MemberId, NodePoint> points = new TreeMap<>();
    List<NodePoint.Host> late = new ArrayList<>();
    for (NodePoint.Host node : nodes) {
      NodePoint.at(vault, store, node, moment, synced)
          .ifPresentOrElse(point -> points.put(node.member(), point), () -> late.add(node));
    }
    List<NodePoint> exact = List.copyOf(points.values());
    int spare = Spare.of(exact.stream().map(NodePoint::facts).toList()).nodes();
    for (NodePoint.Host node : late) {
      NodePoint point =
          NodePoint.before(vault, store, node, moment)
              .filter(found -> late.size() <= spare && !known.shrankSince(found, nodes.size()))
              .orElseThrow(() -> outOfWindow(node, spare));
      new LateNodes(vault, now)
          .refusal(point, exact, moment)
          .ifPresent(why -> {
            throw why;
          });
      points.put(node.member(), point);
    }
    return points;
  }

  private ChrysalisException outOfWindow(NodePoint.Host node, int spare) {
    return new ChrysalisException(
        CassandraErrors.OUT_OF_WINDOW,
        "no snapshot of %s with the log behind it reaches %s".formatted(node.member(), moment),
        "choose a moment after a backup was taken, and at least "
            + synced.toSeconds()
            + " s ago; a log that broke reaches no further, and by the replication of all keyspaces "
            + (spare == 0 ? "no node may lack anything" : "no more than " + spare + " may"));
  }
}
