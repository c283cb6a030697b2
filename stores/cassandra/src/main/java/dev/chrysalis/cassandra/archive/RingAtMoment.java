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
      NodePoint point =
          NodePoint.before(vault, store, node, moment)
              .filter(_ -> late.size() <= spare)
              .orElseThrow(() -> outOfWindow(node, spare));
      requireEnded(point);
      exact.forEach(other -> point.requireTablesOf(other, vault, moment));
      points.put(node.member(), point);
    }
    return points;
  }

  private void requireEnded(NodePoint late) {
    if (!late.asOf().isBefore(now.minus(GOES_ON))) {
      throw new ChrysalisException(
          CassandraErrors.OUT_OF_WINDOW,
          "the log of %s reaches %s, and not yet %s"
              .formatted(late.facts().member(), late.asOf(), moment.plus(synced)),
          "wait until it is shipped; where its node is away, it is taken for ended in a minute");
    }
  }

  private ChrysalisException outOfWindow(NodePoint.Host node, int spare) {
    return new ChrysalisException(
        CassandraErrors.OUT_OF_WINDOW,
        "no snapshot of %s with the log behind it reaches %s".formatted(node.member(), moment),
        "choose a moment after a backup was taken, and at least "
            + synced.toSeconds()
            + " s ago; a log that broke reaches no further"
            + (spare > 0 ? ", and no more than " + spare + " of them may" : ""));
  }
}
