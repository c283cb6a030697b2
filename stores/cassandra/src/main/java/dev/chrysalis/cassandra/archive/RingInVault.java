package dev.chrysalis.cassandra.archive;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.control.RestorePoints;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the snapshots and the logs of one ring from the vault. Every call looks anew, so that what
/// it says holds at this moment. Safe for many threads.
///
/// A write is in the vault's log once it is synced: what was acknowledged up to a sync period
/// before the moment of a log is in it.
public final class RingInVault implements RestorePoints {
  private final Vault vault;
  private final String store;
  private final Duration syncPeriod;

  /// @param syncPeriod how much later than acknowledged a write may be synced
  public RingInVault(Vault vault, String store, Duration syncPeriod) {
    this.vault = vault;
    this.store = store;
    this.syncPeriod = syncPeriod;
  }

  @Override
  public List<Point> all() {
    NodesInVault nodes = NodesInVault.of(vault, store);
    Map<String, Point> points = new LinkedHashMap<>();
    for (NodesInVault.Node node : nodes.all()) {
      // Of the snapshots of one backup the last makes the point.
      points.remove(node.facts().backup());
      nodes
          .ringAt(node.facts().taken())
          .flatMap(ring -> point(node, ring))
          .ifPresent(point -> points.put(node.facts().backup(), point));
    }
    return List.copyOf(points.values());
  }

  @Override
  public Optional<Point> newest() {
    NodesInVault nodes = NodesInVault.of(vault, store);
    return nodes.newest().flatMap(node -> nodes.ring().flatMap(ring -> point(node, ring)));
  }

  private Optional<Point> point(NodesInVault.Node last, Map<MemberId, NodesInVault.Node> ring) {
    Instant from = last.facts().taken();
    Instant least = Instant.MAX;
    long bytes = 0;
    int missing = 0;
    for (NodesInVault.Node node : ring.values()) {
      Instant reach = acknowledged(NodePoint.reaching(vault, store, node.id(), node.facts()));
      least = reach.isBefore(least) ? reach : least;
      bytes += node.snapshot().bytes();
      missing += missingPacks(node.id());
    }
    Instant to = least.isBefore(from) ? from : least;
    return Optional.of(
        new Point(
            last.facts().backup(), last.facts().version(), from, to, ring.size(), bytes, missing));
  }

  @Override
  public Optional<Instant> recoveryPoint() {
    Optional<Map<MemberId, NodesInVault.Node>> ring = NodesInVault.of(vault, store).ring();
    return ring.flatMap(
        nodes -> nodes.keySet().stream().map(this::reach).min(Comparator.naturalOrder()));
  }

  @Override
  public Optional<Instant> recoveryPoint(MemberId member) {
    return NodesInVault.of(vault, store).newest(member).map(_ -> reach(member));
  }

  private Instant reach(MemberId member) {
    return acknowledged(NodePoint.newest(vault, store, member));
  }

  private Instant acknowledged(NodePoint point) {
    return point
        .log()
        .map(log -> log.asOf().minus(syncPeriod))
        .filter(at -> at.isAfter(point.facts().begun()))
        .orElse(point.facts().begun());
  }

  @Override
  public Optional<String> hostId(MemberId member) {
    return NodesInVault.of(vault, store).newest(member).map(node -> node.facts().hostId());
  }

  @Override
  public Chosen choose(Optional<Instant> to) {
    NodesInVault nodes = NodesInVault.of(vault, store);
    Map<MemberId, NodesInVault.Node> ring =
        to.map(nodes::ringAt).orElseGet(nodes::ring).orElseThrow(() -> nothing(nodes, to));
    Map<MemberId, Part> parts = new HashMap<>();
    List<Instant> reached = new ArrayList<>();
    for (MemberId member : ring.keySet()) {
      NodePoint point =
          to.map(at -> NodePoint.at(vault, store, member, at, syncPeriod))
              .orElseGet(() -> NodePoint.newest(vault, store, member));
      reached.add(to.orElseGet(() -> acknowledged(point)));
      parts.put(member, part(point, nodes));
    }
    return new Chosen(reached.stream().min(Comparator.naturalOrder()).orElseThrow(), to, parts);
  }

  private Part part(NodePoint point, NodesInVault nodes) {
    return new Part(
        point.snapshot().toString(),
        point.facts().hostId(),
        point.facts().version(),
        point.log().map(log -> "%s:%d-%d".formatted(log.log().stream(), log.from(), log.to())),
        nodes.snapshot(point.snapshot()).map(Snapshot::bytes).orElse(0L),
        missingPacks(point.snapshot()));
  }

  private int missingPacks(SnapshotId id) {
    try (SnapshotReader reader = vault.openSnapshot(store, id)) {
      return reader.missingPacks().size();
    }
  }

  private static ChrysalisException nothing(NodesInVault nodes, Optional<Instant> to) {
    String when = to.map(at -> " of before " + at).orElse("");
    return new ChrysalisException(
        CassandraErrors.NO_RESTORE_POINT,
        nodes.all().isEmpty()
            ? "the vault has no snapshot of any node"
            : "the vault has no snapshot of every node of the ring" + when,
        "nothing was touched; see what it has: chrysalis restore-points");
  }
}
