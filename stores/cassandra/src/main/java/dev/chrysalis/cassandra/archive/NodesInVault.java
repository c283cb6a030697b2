package dev.chrysalis.cassandra.archive;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// All snapshots of a ring's nodes as the catalog had them at one moment.
///
/// @param all the oldest first
record NodesInVault(List<Node> all) {
  NodesInVault {
    all = List.copyOf(all);
  }

  static NodesInVault of(Vault vault, String store) {
    return new NodesInVault(
        vault.snapshots(store).stream()
            .map(s -> new Node(s, NodeFacts.fromMap(s.facts())))
            .sorted(Comparator.comparing(node -> node.facts().taken()))
            .toList());
  }

  /// Those of the ring that is meant: not of one that came up empty in its place.
  NodesInVault meant(Instant now) {
    return all.isEmpty() ? this : new NodesInVault(Lineage.meant(all, now).nodes());
  }

  /// The host ids of all of them.
  Set<String> hostIds() {
    return all.stream()
        .flatMap(node -> node.facts().ring().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /// One snapshot of one node.
  record Node(Snapshot snapshot, NodeFacts facts) {
    SnapshotId id() {
      return snapshot.id();
    }
  }

  /// Whether a node has left the ring since a log ended, so that it has fewer.
  boolean shrankSince(NodePoint late, int nodes) {
    return all.stream()
        .map(Node::facts)
        .anyMatch(facts -> facts.taken().isAfter(late.asOf()) && facts.ring().size() < nodes);
  }

  Optional<Node> newest() {
    return newest(_ -> true);
  }

  Optional<Node> newest(MemberId member) {
    return newest(node -> node.facts().member().equals(member));
  }

  Optional<Snapshot> snapshot(SnapshotId id) {
    return newest(node -> node.id().equals(id)).map(Node::snapshot);
  }

  /// By member, the newest snapshot of each node of the ring; empty where one of them has none.
  Optional<Map<MemberId, Node>> ring() {
    return ringAt(Instant.MAX);
  }

  /// The ring as it was at a moment: the nodes that the newest snapshot of before it knew of which
  /// there are snapshots of all, and of each of them the newest of before it.
  Optional<Map<MemberId, Node>> ringAt(Instant moment) {
    Predicate<Node> before = node -> !node.facts().taken().isAfter(moment);
    // A node that has just joined has no snapshot for a while: until then the ring without it.
    return all.reversed().stream()
        .filter(before)
        .flatMap(last -> ring(last, before).stream())
        .findFirst();
  }

  /// The ring as a backup has it.
  Optional<Map<MemberId, Node>> ringOf(String backup) {
    Predicate<Node> ofIt = node -> node.facts().backup().equals(backup);
    return newest(ofIt).flatMap(last -> ring(last, ofIt));
  }

  /// The same; of one that only some nodes have, with what was there of the others by then. Empty
  /// where that was no whole ring with any of them.
  Optional<Map<MemberId, Node>> ringBy(String backup) {
    Predicate<Node> ofIt = node -> node.facts().backup().equals(backup);
    return ringOf(backup)
        .or(() -> newest(ofIt).flatMap(last -> ringAt(last.facts().taken())))
        .filter(ring -> ring.values().stream().anyMatch(ofIt));
  }

  private Optional<Map<MemberId, Node>> ring(Node last, Predicate<Node> before) {
    Map<MemberId, Node> ring = new TreeMap<>();
    for (String hostId : last.facts().ring()) {
      Optional<Node> node = newest(before.and(n -> n.facts().hostId().equals(hostId)));
      if (node.isEmpty()) {
        return Optional.empty();
      }
      ring.put(node.get().facts().member(), node.get());
    }
    return Optional.of(ring);
  }

  private Optional<Node> newest(Predicate<Node> wanted) {
    return all.reversed().stream().filter(wanted).findFirst();
  }
}
