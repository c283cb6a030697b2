package dev.chrysalis.cassandra.archive;

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
/// every range can spare (`NodeFacts.spare`): a write that was acknowledged at QUORUM is on one of
/// those that lack nothing. It comes to the others by reading at ALL, and by repair.
///
/// @param synced how much later than acknowledged a write may be synced
/// @param now a log that reached this lately goes on: it is waited for
record RingAtMoment(Vault vault, String store, Instant moment, Duration synced, Instant now) {
  private static final Duration GOES_ON = Duration.ofMinutes(1);

  /// By member. `OUT_OF_WINDOW` and `TABLES_CHANGED` where the ring cannot be brought there.
  Map<MemberId, NodePoint> points(Collection<NodePoint.Host> nodes) {
    Map<MemberId, NodePoint> points = new TreeMap<>();
    List<NodePoint.Host> late = new ArrayList<>();
    for (NodePoint.Host node : nodes) {
      NodePoint.at(vault, store, node, moment, synced)
          .ifPresentOrElse(point -> points.put(node.member(), point), () -> late.add(node));
    }
    List<NodePoint> exact = List.copyOf(points.values());
    int spare = exact.stream().mapToInt(point -> point.facts().spare()).min().orElse(0);
    for (NodePoint.Host node : late) {
      points.put(node.member(), before(node, late.size() <= spare, exact));
    }
    return points;
  }

  private NodePoint before(NodePoint.Host node, boolean spared, List<NodePoint> exact) {
    NodePoint point =
        NodePoint.before(vault, store, node, moment)
            .filter(_ -> spared)
            .filter(found -> found.asOf().isBefore(now.minus(GOES_ON)))
            .orElseThrow(() -> NodePoint.outOfWindow(node.member(), moment, synced));
    exact.forEach(other -> point.requireTablesOf(other, vault, moment));
    return point;
  }
}
