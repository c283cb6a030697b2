package dev.chrysalis.cassandra.archive;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The snapshots of all nodes of a ring that were taken under one name, at nearly the same moment.
///
/// @param name the backup's name
/// @param nodes the newest snapshot of each node, by its host id
public record RingBackup(String name, Map<String, Node> nodes) {
  public RingBackup {
    nodes = Map.copyOf(nodes);
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("a backup of no node: " + name);
    }
  }

  /// One node's part.
  public record Node(SnapshotId snapshot, NodeFacts facts, long bytes) {}

  /// All backups of these snapshots, by the moment at which they were begun.
  public static List<RingBackup> of(Collection<Snapshot> snapshots) {
    Map<String, Map<String, Node>> byName = new LinkedHashMap<>();
    snapshots.stream()
        .sorted(Comparator.comparing(Snapshot::id))
        .forEach(snapshot -> {
          NodeFacts facts = NodeFacts.fromMap(snapshot.facts());
          byName
              .computeIfAbsent(facts.backup(), _ -> new TreeMap<>())
              .put(facts.hostId(), new Node(snapshot.id(), facts, snapshot.bytes()));
        });
    List<RingBackup> backups = new ArrayList<>();
    byName.forEach((name, nodes) -> backups.add(new RingBackup(name, nodes)));
    backups.sort(Comparator.comparing(RingBackup::begun));
    return backups;
  }

  /// The part of one member; empty where there is none. Of two nodes that were the same member, one
  /// after the other, the newer.
  public Optional<Node> of(MemberId member) {
    return nodes.values().stream()
        .filter(node -> node.facts().member().equals(member))
        .max(Comparator.comparing(Node::snapshot));
  }

  /// The host ids of nodes that were in the ring and of which there is no snapshot. Empty = the
  /// backup is whole.
  public Set<String> missing() {
    Set<String> missing = new TreeSet<>();
    nodes.values().forEach(node -> missing.addAll(node.facts().ring()));
    missing.removeAll(nodes.keySet());
    return missing;
  }

  /// What was acknowledged before this moment is in it.
  public Instant begun() {
    return nodes.values().stream()
        .map(n -> n.facts().begun())
        .min(Instant::compareTo)
        .orElseThrow();
  }

  /// Nothing that was written after this moment is in it.
  public Instant taken() {
    return nodes.values().stream()
        .map(n -> n.facts().taken())
        .max(Instant::compareTo)
        .orElseThrow();
  }

  /// The size of all its files.
  public long bytes() {
    return nodes.values().stream().mapToLong(Node::bytes).sum();
  }
}
