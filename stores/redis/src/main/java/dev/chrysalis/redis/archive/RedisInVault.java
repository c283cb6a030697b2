package dev.chrysalis.redis.archive;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.redis.control.Past;
import dev.chrysalis.redis.control.RestorePoints;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogRange;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.Vault;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Reads the bases and the logs of one Redis store from the vault. Every call looks anew, so that
/// what it says holds at this moment. Safe for many threads.
public final class RedisInVault implements RestorePoints {
  private final Vault vault;
  private final String store;
  private final RestoreSearch search;

  public RedisInVault(Vault vault, String store, Clock clock) {
    this.vault = vault;
    this.store = store;
    this.search = new RestoreSearch(vault, store, clock);
  }

  @Override
  public List<Point> all() {
    return search.reaches().stream().map(this::point).toList();
  }

  @Override
  public Optional<Point> newest() {
    return search.newest().map(this::point);
  }

  @Override
  public Optional<Instant> recoveryPoint() {
    return search.newest().map(RestoreSearch.Reach::to);
  }

  @Override
  public Optional<Instant> recoveryPoint(MemberId member) {
    return search.newest(member);
  }

  @Override
  public Past past() {
    return search.past();
  }

  @Override
  public void accept(Instant at) {
    new Acceptances(vault.records(), store).write(at);
  }

  @Override
  public Chosen choose(Optional<Instant> to) {
    return chosen(search.choose(to));
  }

  @Override
  public Chosen ofSnapshot(String snapshot) {
    try (SnapshotReader reader = vault.openSnapshot(store, new SnapshotId(snapshot))) {
      return chosen(search.ofBase(reader.snapshot().id()));
    }
  }

  @Override
  public Optional<String> newestSnapshot() {
    return vault.newestSnapshot(store).map(SnapshotId::value);
  }

  private Chosen chosen(RestoreChoice choice) {
    Optional<RestoreChoice.Stretch> log = choice.log();
    return new Chosen(
        choice.snapshot().toString(),
        choice.base().version(),
        log.map(stretch -> stretch.log().stream()),
        log.map(RestoreChoice.Stretch::from).orElse(0L),
        log.map(RestoreChoice.Stretch::to).orElse(0L),
        choice.at(),
        choice.base().keys(),
        choice.bytes(),
        missing(choice.snapshot()));
  }

  /// The stretch of the log that a restore of the snapshot to its newest moment reads; empty where
  /// it reads none.
  public List<LogRange> logsOf(Snapshot snapshot) {
    return search.reaches().stream()
        .filter(r -> r.snapshot().id().equals(snapshot.id()))
        .filter(r -> r.base().log().isPresent() && r.end() > r.base().position())
        .map(r ->
            new LogRange(
                new LogName(store, r.base().log().orElseThrow()), r.base().position(), r.end()))
        .toList();
  }

  private Point point(RestoreSearch.Reach reach) {
    BaseFacts base = reach.base();
    return new Point(
        reach.snapshot().id().toString(),
        base.member(),
        base.version(),
        reach.from(),
        reach.to(),
        base.appendOnly(),
        base.keys(),
        reach.snapshot().bytes(),
        missing(reach.snapshot().id()));
  }

  private int missing(SnapshotId id) {
    try (SnapshotReader reader = vault.openSnapshot(store, id)) {
      return reader.missingPacks().size();
    }
  }
}
