package dev.chrysalis.cassandra.archive;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.control.RestorePoints;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Reads the snapshots and the logs of one ring from the vault. Every call looks anew, so that what
/// it says holds at this moment. Safe for many threads.
///
/// A write is in the vault's log once it is synced: what was acknowledged that much before the
/// moment of a log is in it.
public final class RingInVault implements RestorePoints {
  private static final Duration ABOUT_THE_SAME = Duration.ofMinutes(1);

  private final Vault vault;
  private final String store;
  private final Duration synced;
  private final InstantSource clock;

  /// @param synced how much later than acknowledged a write may be synced
  public RingInVault(Vault vault, String store, Duration synced, InstantSource clock) {
    this.vault = vault;
    this.store = store;
    this.synced = synced;
    this.clock = clock;
  }

  private NodesInVault nodes() {
    return NodesInVault.of(vault, store).meant(clock.instant());
  }

  @Override
  public Set<String> hostIds() {
    return nodes().hostIds();
  }

  @Override
  public List<Point> all() {
    NodesInVault nodes = nodes();
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
    NodesInVault nodes = nodes();
    return nodes.newest().flatMap(node -> nodes.ring().flatMap(ring -> point(node, ring)));
  }

  private Optional<Point> point(NodesInVault.Node last, Map<MemberId, NodesInVault.Node> ring) {
    Instant from = last.facts().taken();
    List<NodePoint> reaching = new ArrayList<>();
    long bytes = 0;
    int missing = 0;
    for (NodesInVault.Node node : ring.values()) {
      reaching.add(NodePoint.reaching(vault, store, node.id(), node.facts()));
      bytes += node.snapshot().bytes();
      missing += missingPacks(node.id());
    }
    Instant reached = together(reaching);
    Instant to = reached.isBefore(from) ? from : reached;
    return Optional.of(
        new Point(
            last.facts().backup(),
            last.facts().version(),
            from,
            to,
            ring.values().stream().map(node -> node.id().toString()).toList(),
            bytes,
            missing));
  }

  @Override
  public Optional<Instant> recoveryPoint() {
    return nodes().ring().map(ring -> together(newest(ring).values()));
  }

  @Override
  public Map<MemberId, Held> held() {
    Map<MemberId, Held> held = new TreeMap<>();
    nodes()
        .ring()
        .ifPresent(ring ->
            ring.forEach((member, node) ->
                held.put(member, new Held(node.facts().taken(), acknowledged(newest(node))))));
    return held;
  }

  @Override
  public Optional<Instant> recoveryPoint(MemberId member) {
    return nodes().newest(member).map(node -> acknowledged(newest(node)));
  }

  private NodePoint newest(NodesInVault.Node node) {
    return NodePoint.newest(vault, store, host(node));
  }

  private Map<MemberId, NodePoint> newest(Map<MemberId, NodesInVault.Node> ring) {
    Map<MemberId, NodePoint> points = new TreeMap<>();
    ring.forEach((member, node) -> points.put(member, newest(node)));
    return points;
  }

  private static NodePoint.Host host(NodesInVault.Node node) {
    return new NodePoint.Host(node.facts().member(), Optional.of(node.facts().hostId()));
  }

  /// All that was acknowledged at QUORUM by then is on one of the nodes that have all of it. Logs
  /// that ended are passed over as far as the ring can spare their nodes.
  private Instant together(Collection<NodePoint> points) {
    List<NodePoint> first =
        points.stream().sorted(Comparator.comparing(this::acknowledged)).toList();
    int spare = Spare.of(points.stream().map(NodePoint::facts).toList()).nodes();
    LateNodes late = new LateNodes(vault, clock.instant());
    int passed = 0;
    while (passed < Math.min(spare, first.size() - 1)
        && late.refusal(first.get(passed), first.subList(passed + 1, first.size()), Instant.MAX)
            .isEmpty()) {
      passed++;
    }
    return acknowledged(first.get(passed));
  }

  private Instant acknowledged(NodePoint point) {
    return acknowledged(point, point.surelyAsOf(vault));
  }

  private Instant acknowledged(NodePoint point, Instant asOf) {
    return point
        .log()
        .map(_ -> asOf.minus(synced))
        .filter(at -> at.isAfter(point.facts().begun()))
        .orElse(point.facts().begun());
  }

  @Override
  public Optional<String> hostId(MemberId member) {
    return nodes().newest(member).map(node -> node.facts().hostId());
  }

  @Override
  public Set<MemberId> damaged() {
    Map<MemberId, NodesInVault.Node> newest = new HashMap<>();
    nodes().all().forEach(node -> newest.put(node.facts().member(), node));
    return newest.values().stream()
        .map(NodesInVault.Node::facts)
        .filter(facts -> facts.damaged() > 0)
        .map(NodeFacts::member)
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public Chosen choose(Optional<Instant> to) {
    NodesInVault nodes = nodes();
    Map<MemberId, NodePoint> points = points(nodes, to);
    Map<MemberId, Part> parts = new HashMap<>();
    points.forEach((member, point) -> parts.put(member, part(point, nodes)));
    Instant reached = to.orElseGet(() -> together(points.values()));
    return new Chosen(reached, to, parts, behind(points, reached, to));
  }

  /// What brings each node of the ring to a moment, as `choose` does.
  public Map<MemberId, NodePoint> points(Optional<Instant> to) {
    return points(nodes(), to);
  }

  private Map<MemberId, NodePoint> points(NodesInVault nodes, Optional<Instant> to) {
    Map<MemberId, NodesInVault.Node> ring =
        to.map(nodes::ringAt).orElseGet(nodes::ring).orElseThrow(() -> nothing(nodes, to));
    List<NodePoint.Host> hosts = ring.values().stream().map(RingInVault::host).toList();
    return to.map(moment -> at(moment).points(hosts, nodes)).orElseGet(() -> newest(ring));
  }

  private RingAtMoment at(Instant moment) {
    return new RingAtMoment(vault, store, moment, synced, clock.instant());
  }

  /// What brings one node to a moment, of the ring that is meant: not of one that came up empty in
  /// its place. Empty for all that there is. `NO_RESTORE_POINT` or `OUT_OF_WINDOW` where nothing
  /// does.
  public NodePoint point(MemberId member, Optional<Instant> to) {
    NodesInVault nodes = nodes();
    Optional<Map<MemberId, NodesInVault.Node>> ring =
        to.flatMap(nodes::ringAt).filter(found -> found.containsKey(member));
    if (ring.isPresent()) {
      return Objects.requireNonNull(points(nodes, to).get(member));
    }
    NodePoint.Host host =
        nodes
            .newest(member)
            .map(RingInVault::host)
            .orElseGet(() -> new NodePoint.Host(member, Optional.empty()));
    return to.map(
            moment -> Objects.requireNonNull(at(moment).points(List.of(host), nodes).get(member)))
        .orElseGet(() -> NodePoint.newest(vault, store, host));
  }

  /// The snapshot of each node of a backup, without the log behind it; of one that only some nodes
  /// have, what there was of the others by then. `NO_RESTORE_POINT` where there is none of that
  /// name. It may be of a ring that another has taken the place of since.
  public Map<MemberId, NodePoint> pointsOf(String backup) {
    NodesInVault nodes = NodesInVault.of(vault, store);
    Map<MemberId, NodePoint> points = new TreeMap<>();
    nodes
        .ringBy(backup)
        .orElseThrow(() -> nothing(nodes, Optional.empty()))
        .forEach((member, node) ->
            points.put(member, new NodePoint(node.id(), node.facts(), Optional.empty())));
    return points;
  }

  @Override
  public Chosen ofBackup(String backup) {
    NodesInVault nodes = NodesInVault.of(vault, store);
    Map<MemberId, NodesInVault.Node> ring =
        nodes
            .ringBy(backup)
            .orElseThrow(() ->
                new ChrysalisException(
                    CassandraErrors.NO_RESTORE_POINT,
                    "no backup of a whole ring is called " + backup,
                    "see which there are: chrysalis restore-points"));
    Map<MemberId, Part> parts = new HashMap<>();
    Instant at = Instant.MAX;
    for (Map.Entry<MemberId, NodesInVault.Node> node : ring.entrySet()) {
      NodeFacts facts = node.getValue().facts();
      parts.put(
          node.getKey(), part(new NodePoint(node.getValue().id(), facts, Optional.empty()), nodes));
      at = facts.begun().isBefore(at) ? facts.begun() : at;
    }
    return new Chosen(at, Optional.empty(), parts, List.of());
  }

  @Override
  public Chosen ofSnapshot(String snapshot) {
    String backup;
    try (SnapshotReader reader = vault.openSnapshot(store, new SnapshotId(snapshot))) {
      backup = NodeFacts.fromMap(reader.snapshot().facts()).backup();
    }
    Chosen chosen = ofBackup(backup);
    if (chosen.parts().values().stream().noneMatch(part -> part.snapshot().equals(snapshot))) {
      throw new ChrysalisException(
          VaultErrors.NO_SUCH_SNAPSHOT,
          "%s is a part of no backup that can be named: a newer backup is called %s as well"
              .formatted(snapshot, backup),
          "see which backups there are: chrysalis restore-points");
    }
    return chosen;
  }

  @Override
  public Optional<String> newestSnapshot() {
    return vault.newestSnapshot(store).map(SnapshotId::value);
  }

  private Part part(NodePoint point, NodesInVault nodes) {
    return new Part(
        point.snapshot().toString(),
        point.facts().backup(),
        point.facts().hostId(),
        point.facts().version(),
        point.log().map(LogStretch::text),
        nodes.snapshot(point.snapshot()).map(Snapshot::bytes).orElse(0L)
            + point.log().map(stretch -> stretch.bytes(vault)).orElse(0L),
        missingPacks(point.snapshot()));
  }

  /// Where all is taken that there is, no two nodes have reached the same moment.
  private List<Behind> behind(
      Map<MemberId, NodePoint> points, Instant reached, Optional<Instant> to) {
    Instant least = to.orElseGet(() -> reached.minus(ABOUT_THE_SAME));
    LateNodes late = new LateNodes(vault, clock.instant());
    List<Behind> behind = new ArrayList<>();
    points.forEach((member, point) -> {
      Instant asOf = acknowledged(point, point.asOf());
      if (asOf.isBefore(least)) {
        behind.add(
            new Behind(member, asOf, late.hasTablesOf(point, others(points, member), Instant.MAX)));
      }
    });
    return behind;
  }

  private static List<NodePoint> others(Map<MemberId, NodePoint> points, MemberId member) {
    return points.entrySet().stream()
        .filter(point -> !point.getKey().equals(member))
        .map(Map.Entry::getValue)
        .toList();
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
