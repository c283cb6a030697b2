package dev.chrysalis.cassandra.archive;

import dev.chrysalis.cassandra.archive.NodesInVault.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Rings that are one: nodes are replaced one after another, so that each snapshot's ring has a
/// node of those before it. A ring that shares no node with any before it came up new, as where all
/// volumes were exchanged for empty ones: then its shippers make snapshots of it, and nothing is to
/// hide what there was before.
///
/// @param hostIds of all nodes that it ever had
/// @param nodes its snapshots, the oldest first
record Lineage(Set<String> hostIds, List<Node> nodes) {
  /// For how long a new ring is not taken for the right one because it is new.
  private static final Duration DOUBT = Duration.ofDays(7);

  Lineage {
    hostIds = Set.copyOf(hostIds);
    nodes = List.copyOf(nodes);
  }

  /// The one that is meant: the newest, or the one before it where the newest came up empty.
  ///
  /// @param all snapshots, the oldest first; at least one
  static Lineage meant(List<Node> all, Instant now) {
    List<Lineage> rings = of(all);
    rings.sort(Comparator.comparing(Lineage::last));
    Lineage meant = rings.removeLast();
    while (!rings.isEmpty() && meant.cameUpEmpty(rings.getLast(), now)) {
      meant = rings.removeLast();
    }
    return meant;
  }

  private static List<Lineage> of(List<Node> all) {
    List<Lineage> rings = new ArrayList<>();
    for (Node node : all) {
      Set<String> ids = new HashSet<>(node.facts().ring());
      List<Node> nodes = new ArrayList<>();
      for (Lineage ring : List.copyOf(rings)) {
        if (!Collections.disjoint(ring.hostIds, node.facts().ring())) {
          ids.addAll(ring.hostIds);
          nodes.addAll(ring.nodes);
          rings.remove(ring);
        }
      }
      nodes.add(node);
      nodes.sort(Comparator.comparing(n -> n.facts().taken()));
      rings.add(new Lineage(ids, nodes));
    }
    return rings;
  }

  private Instant first() {
    return nodes.getFirst().facts().taken();
  }

  private Instant last() {
    return nodes.getLast().facts().taken();
  }

  /// It began after the other, lately, and has less than half of what that one had.
  private boolean cameUpEmpty(Lineage before, Instant now) {
    long had = userBytes(before.nodes);
    long has = userBytes(nodes);
    return first().isAfter(before.first())
        && first().isAfter(now.minus(DOUBT))
        && had > 0
        && has >= 0
        && has < had - has;
  }

  /// Of the newest snapshot of each node; -1 where that is not known of one.
  private static long userBytes(Collection<Node> nodes) {
    Map<String, Long> byHost = new HashMap<>();
    nodes.forEach(node -> byHost.put(node.facts().hostId(), node.facts().userBytes()));
    return byHost.containsValue(-1L)
        ? -1
        : byHost.values().stream().mapToLong(Long::longValue).sum();
  }
}
