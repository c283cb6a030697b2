package dev.chrysalis.postgres.archive;

import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.agent.files.BackupFacts;
import dev.chrysalis.postgres.agent.wal.RecoveryPoint;
import dev.chrysalis.postgres.agent.wal.RestoreTarget;
import dev.chrysalis.postgres.agent.wal.Timeline;
import dev.chrysalis.postgres.agent.wal.WalArchive;
import dev.chrysalis.postgres.agent.wal.WalSearch;
import dev.chrysalis.postgres.agent.wal.WalWay;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.Vault;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Reads the snapshots and the WAL of one datastore from the vault. Every call looks anew, so that
/// what it says holds at this moment. Safe for many threads.
public final class PostgresInVault implements WalInVault {
  private final Vault vault;
  private final String store;
  private final WalArchive archive;
  private final RestoreSearch search;
  private final Clock clock;

  public PostgresInVault(Vault vault, String store, Clock clock) {
    this.vault = vault;
    this.store = store;
    this.archive = new WalArchive(vault, store);
    this.search = new RestoreSearch(vault, store, clock);
    this.clock = clock;
  }

  @Override
  public Optional<End> end(String systemIdentifier, int timeline) {
    return archive
        .end(Long.parseUnsignedLong(systemIdentifier), timeline)
        .map(t -> new End(t.end(), t.lastRecord()));
  }

  /// Whether the vault holds all WAL of a timeline from `from` to `to` (excluded).
  public boolean covers(String systemIdentifier, int timeline, Lsn from, Lsn to) {
    return archive.covers(Long.parseUnsignedLong(systemIdentifier), timeline, from, to);
  }

  @Override
  public Optional<RestorePoint> newest() {
    return search.newest().map(this::point);
  }

  @Override
  public List<RestorePoint> restorePoints() {
    return search.reaches().stream().map(this::point).toList();
  }

  @Override
  public Chosen choose(RestoreGoal goal, Optional<Integer> timeline, Reading reading) {
    RestoreSearch.Chosen chosen = search.choose(goal, Optional.empty(), timeline, reading::read);
    return new Chosen(
        chosen.snapshot().id().toString(),
        chosen.facts().systemIdentifier(),
        chosen.timeline(),
        chosen.target(),
        chosen.next(),
        chosen.commit(),
        chosen.snapshot().bytes(),
        missing(chosen.snapshot()));
  }

  @Override
  public Discarded discarded(String systemIdentifier, int timeline, Lsn target, Reading reading) {
    long system = Long.parseUnsignedLong(systemIdentifier);
    int living =
        archive.timelines(system).stream()
            .filter(t -> !t.extents().isEmpty())
            .mapToInt(Timeline::id)
            .max()
            .orElse(timeline);
    Lsn parting = new WalWay(archive, system).parting(timeline, target, living);
    WalSearch.Tail tail = new WalSearch(archive, system, living, reading::read).behind(parting);
    return new Discarded(
        tail.commits(), tail.first(), tail.last(), tail.end().minus(parting), living, tail.end());
  }

  @Override
  public Optional<Lsn> shippedTo() {
    return newest()
        .flatMap(p ->
            archive.coveredThrough(Long.parseUnsignedLong(p.systemIdentifier()), p.timeline()));
  }

  @Override
  public Optional<Instant> recoveryPoint() {
    return archive.recoveryPoint(clock.instant()).map(RecoveryPoint::asOf);
  }

  private RestorePoint point(RestoreSearch.Reach reach) {
    Snapshot snapshot = reach.snapshot();
    BackupFacts facts = reach.facts();
    RestoreTarget target = reach.newest();
    return new RestorePoint(
        snapshot.id().toString(),
        snapshot.completedAt(),
        facts.systemIdentifier(),
        target.timeline(),
        facts.stoppedAt(),
        facts.stopLsn(),
        target.lastRecord(),
        target.end(),
        target.newestCommit().map(Instant::toString).orElse(""),
        snapshot.bytes(),
        missing(snapshot));
  }

  private int missing(Snapshot snapshot) {
    try (SnapshotReader reader = vault.openSnapshot(store, snapshot.id())) {
      return reader.missingPacks().size();
    }
  }
}
