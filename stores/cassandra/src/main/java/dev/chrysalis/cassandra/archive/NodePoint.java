package dev.chrysalis.cassandra.archive;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a node can be restored from: a snapshot of it, and the log behind that.
///
/// @param log empty for the snapshot alone
public record NodePoint(SnapshotId snapshot, NodeFacts facts, Optional<LogStretch> log) {
  /// Shippers look at the tables every second; not while the server does not answer.
  private static final Duration UNSEEN = Duration.ofMinutes(1);

  /// The newest that there is: the newest snapshot whose log is unbroken, with all of that, or a
  /// newer one that stands alone. `NO_RESTORE_POINT` where there is none.
  static NodePoint newest(Vault vault, String store, Host host) {
    List<NodePoint> snapshots = snapshots(vault, store, host);
    NodePoint alone = snapshots.stream().findFirst().orElseThrow(() -> none(host.member()));
    return snapshots.stream()
        .flatMap(point -> point.to(vault, store, Optional.empty(), Duration.ZERO).stream())
        .findFirst()
        .filter(point -> !point.asOf().isBefore(alone.asOf()))
        .orElse(alone);
  }

  /// Whose snapshots are meant.
  ///
  /// @param hostId of the node that the member was; empty for whichever it was
  record Host(MemberId member, Optional<String> hostId) {
    static Host of(MemberId member) {
      return new Host(member, Optional.empty());
    }

    boolean is(NodeFacts facts) {
      return facts.member().equals(member)
          && hostId.filter(id -> !id.equals(facts.hostId())).isEmpty();
    }
  }

  /// A snapshot with all of the log behind it, or alone where there is none that is unbroken.
  static NodePoint reaching(Vault vault, String store, SnapshotId snapshot, NodeFacts facts) {
    NodePoint alone = new NodePoint(snapshot, facts, Optional.empty());
    return alone.to(vault, store, Optional.empty(), Duration.ZERO).orElse(alone);
  }

  /// The same, as far as the log leads: not over a change of the tables that the snapshot is of
  /// before.
  Instant surelyAsOf(Vault vault) {
    Optional<Instant> change = log.flatMap(stretch -> stretch.lastBeforeChange(vault, facts));
    return change.orElseGet(this::asOf);
  }

  /// Whether the schema may have changed between the snapshot and the end of the log.
  public boolean leadsOverChange(Vault vault) {
    return log.filter(stretch -> stretch.leadsOverChange(vault, facts)).isPresent();
  }

  /// All that the node had synced by then is there.
  public Instant asOf() {
    return log.map(LogStretch::asOf).orElse(facts.begun());
  }

  /// What brings it to a moment: a snapshot that was taken before, and the log up to it. Empty
  /// where there is none; `TABLES_CHANGED` where the log leads over a change of the tables.
  ///
  /// @param sync how much later than acknowledged a write may be synced
  static Optional<NodePoint> at(
      Vault vault, String store, Host host, Instant moment, Duration sync) {
    Optional<NodePoint> found =
        snapshots(vault, store, host).stream()
            .filter(point -> !point.facts.taken().isAfter(moment))
            .flatMap(point -> point.to(vault, store, Optional.of(moment), sync).stream())
            .findFirst();
    found.ifPresent(point -> point.requireSameTables(vault, moment));
    return found;
  }

  /// What there is of a node whose log does not lead to a moment: the most of before it. Empty
  /// where there is nothing; `TABLES_CHANGED` as above.
  static Optional<NodePoint> before(Vault vault, String store, Host host, Instant moment) {
    Optional<NodePoint> found =
        snapshots(vault, store, host).stream()
            .filter(point -> !point.facts.taken().isAfter(moment))
            .map(point -> reaching(vault, store, point.snapshot, point.facts))
            .max(Comparator.comparing(NodePoint::asOf));
    found
        .filter(point -> point.log.isPresent())
        .ifPresent(point -> point.requireSameTables(vault, moment));
    return found;
  }

  /// No log leads over a change of the tables, nor over a time in which nobody could look at them
  /// while the server wrote.
  private void requireSameTables(Vault vault, Instant moment) {
    LogStretch stretch = log.orElseThrow();
    SchemaSeen before = stretch.seenBefore(vault, moment);
    Optional<SchemaSeen> seenAfter = stretch.seenAfter(vault, moment);
    Instant known = before.at().isAfter(facts.begun()) ? before.at() : facts.begun();
    if (seenAfter.isEmpty() && stretch.holdsWritesAfter(vault, known.plus(UNSEEN))) {
      throw changed("nobody could see whether tables of %s have changed since %s", known);
    }
    SchemaSeen after = seenAfter.orElse(before);
    for (SchemaSeen seen : List.of(before, after)) {
      if (seen.truncated().isAfter(facts.taken()) && !seen.truncated().isAfter(moment)) {
        throw changed("a table of %s was truncated at %s", seen.truncated());
      }
    }
    boolean other =
        Stream.of(before, after)
            // What was seen before the snapshot says nothing of it.
            .filter(seen -> seen.at().isAfter(facts.begun()))
            .map(SchemaSeen::version)
            .anyMatch(v -> !v.isEmpty() && !v.equals(facts.schemaVersion()));
    if (other) {
      throw changed("the schema of %s changed (CREATE, ALTER, DROP) before %s", after.at());
    }
  }

  private ChrysalisException changed(String what, Instant at) {
    return new ChrysalisException(
        CassandraErrors.TABLES_CHANGED,
        what.formatted(facts.member(), at)
            + ", after the snapshot that would lead there ("
            + facts.taken()
            + "): its log brings rows of new tables not back, and truncated ones back",
        "choose a moment before that, or one after the next snapshot: chrysalis restore-points");
  }

  /// The snapshot that is a part of that backup of the ring, alone. `NO_RESTORE_POINT` where there
  /// is none.
  public static NodePoint of(Vault vault, String store, MemberId member, String backup) {
    return snapshots(vault, store, Host.of(member)).stream()
        .filter(point -> point.facts.backup().equals(backup))
        .findFirst()
        .orElseThrow(() ->
            new ChrysalisException(
                CassandraErrors.NO_RESTORE_POINT,
                "there is no snapshot of %s in a backup %s".formatted(member, backup),
                "nothing was touched; name another member, or another backup"));
  }

  /// That snapshot, with a stretch of the log that was chosen for it. `NO_RESTORE_POINT` where
  /// there is no such snapshot.
  public static NodePoint of(
      Vault vault, String store, SnapshotId snapshot, Optional<LogStretch> log) {
    return vault.snapshots(store).stream()
        .filter(s -> s.id().equals(snapshot))
        .findFirst()
        .map(s -> new NodePoint(snapshot, NodeFacts.fromMap(s.facts()), log))
        .orElseThrow(() ->
            new ChrysalisException(
                CassandraErrors.NO_RESTORE_POINT,
                "there is no snapshot " + snapshot,
                "nothing was touched; see what there is: chrysalis restore-points"));
  }

  /// The newest first, each alone.
  private static List<NodePoint> snapshots(Vault vault, String store, Host host) {
    return vault.snapshots(store).stream()
        .map(s -> new NodePoint(s.id(), NodeFacts.fromMap(s.facts()), Optional.empty()))
        .filter(point -> host.is(point.facts))
        .sorted(Comparator.comparing((NodePoint point) -> point.facts.taken()).reversed())
        .toList();
  }

  private Optional<NodePoint> to(
      Vault vault, String store, Optional<Instant> moment, Duration sync) {
    try {
      return LogStretch.behind(vault, store, facts, moment, sync)
          .map(stretch -> new NodePoint(snapshot, facts, Optional.of(stretch)));
    } catch (ChrysalisException e) {
      if (e.code().equals(CassandraErrors.OUT_OF_WINDOW)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static ChrysalisException none(MemberId member) {
    return new ChrysalisException(
        CassandraErrors.NO_RESTORE_POINT,
        "the vault has no snapshot of " + member,
        "nothing was touched; see what it has: the store's and the member's name may be others");
  }
}
