package dev.chrysalis.cassandra.archive;

import dev.chrysalis.vault.LogExtent;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogRange;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.prune.LogKeep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Says which stretches of the nodes' logs a policy keeps.
///
/// 1. Of a snapshot from which moments of the restore window are restored, node by node: all of its
///    log from where it was begun on.
/// 2. An older snapshot stands alone for its own moment: nothing of its log.
/// 3. Everything that was sealed since the horizon: a snapshot that is still being written needs
///    its log, and nobody else knows of it yet.
public final class KeptSegments {
  private final Vault vault;
  private final String store;

  public KeptSegments(Vault vault, String store) {
    this.vault = vault;
    this.store = store;
  }

  /// Whose snapshot it is: of which member, and of which node that it was. A ring that came up
  /// empty in another's place drops nothing of that.
  public static String node(Snapshot snapshot) {
    return node(NodeFacts.fromMap(snapshot.facts()));
  }

  private static String node(NodeFacts facts) {
    return facts.member() + "/" + facts.hostId();
  }

  /// The newest snapshot of all nodes.
  public Optional<SnapshotId> newest() {
    return NodesInVault.of(vault, store).newest().map(NodesInVault.Node::id);
  }

  /// The newest snapshot of each node of the ring; empty where one of them has none.
  public List<SnapshotId> newestOfEachNode() {
    return NodesInVault.of(vault, store)
        .ring()
        .map(ring -> ring.values().stream().map(NodesInVault.Node::id).toList())
        .orElse(List.of());
  }

  /// The snapshots that lack nothing.
  public Set<SnapshotId> complete() {
    return vault.snapshots(store).stream()
        .map(Snapshot::id)
        .filter(id -> {
          try (SnapshotReader reader = vault.openSnapshot(store, id)) {
            return reader.missingPacks().isEmpty();
          }
        })
        .collect(Collectors.toUnmodifiableSet());
  }

  /// The stretch that a restore of the snapshot to its newest moment reads; empty where it stands
  /// alone.
  public Optional<LogRange> logOf(Snapshot snapshot) {
    return NodePoint.reaching(vault, store, snapshot.id(), NodeFacts.fromMap(snapshot.facts()))
        .log()
        .map(stretch -> new LogRange(stretch.log(), stretch.from(), stretch.to()));
  }

  /// For each log of the store what is kept of it.
  ///
  /// @param kept the snapshots that stay
  /// @param windowBegin where the restore window begins
  /// @param horizon everything that was sealed since then stays
  public List<LogKeep> keep(List<Snapshot> kept, Instant windowBegin, Instant horizon) {
    Map<String, Instant> first = firstInWindow(kept, windowBegin);
    Map<LogName, List<LogExtent>> needs = new HashMap<>();
    for (Snapshot snapshot : kept) {
      NodeFacts facts = NodeFacts.fromMap(snapshot.facts());
      if (!facts.taken().isBefore(first.getOrDefault(node(facts), Instant.MIN))) {
        logOf(snapshot)
            .ifPresent(range ->
                needs
                    .computeIfAbsent(range.log(), _ -> new ArrayList<>())
                    .add(new LogExtent(range.from(), Long.MAX_VALUE)));
      }
    }
    return vault.logs(store).stream()
        .map(name -> new LogKeep(name, needs.getOrDefault(name, List.of()), horizon))
        .toList();
  }

  /// By node, when the snapshot was taken that reaches the beginning of the window.
  private static Map<String, Instant> firstInWindow(List<Snapshot> kept, Instant windowBegin) {
    Map<String, Instant> first = new HashMap<>();
    for (Snapshot snapshot : kept) {
      NodeFacts facts = NodeFacts.fromMap(snapshot.facts());
      if (!facts.taken().isAfter(windowBegin)) {
        first.merge(node(facts), facts.taken(), (one, other) -> one.isAfter(other) ? one : other);
      }
    }
    return first;
  }
}
