package dev.chrysalis.postgres.archive;

import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.agent.files.BackupFacts;
import dev.chrysalis.postgres.agent.wal.RecoveryPoint;
import dev.chrysalis.postgres.agent.wal.RestoreTarget;
import dev.chrysalis.postgres.agent.wal.RestoreWay;
import dev.chrysalis.postgres.agent.wal.WalArchive;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.vault.LogRange;
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
  private final Clock clock;

  public PostgresInVault(Vault vault, String store, Clock clock) {
    this.vault = vault;
    this.store = store;
    this.archive = new WalArchive(vault, store);
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
    List<Snapshot> snapshots = vault.snapshots(store);
    for (Snapshot snapshot : snapshots.reversed()) {
      Optional<RestorePoint> point = point(snapshot);
      if (point.isPresent()) {
        return point;
      }
    }
    return Optional.empty();
  }

  @Override
  public List<RestorePoint> restorePoints() {
    return vault.snapshots(store).stream().flatMap(s -> point(s).stream()).toList();
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

  /// The stretches of WAL that a restore of the snapshot to its newest moment reads, in order;
  /// empty where no unbroken WAL leads over its own end.
  public List<LogRange> logsOf(Snapshot snapshot) {
    BackupFacts facts = BackupFacts.fromMap(snapshot.facts());
    return way(facts).map(RestoreWay::logs).orElse(List.of());
  }

  private Optional<RestoreWay> way(BackupFacts facts) {
    long system = Long.parseUnsignedLong(facts.systemIdentifier());
    return archive
        .way(system, facts.startTimeline(), facts.startLsn())
        .filter(way -> way.target().end().compareTo(facts.stopLsn()) >= 0);
  }

  private Optional<RestorePoint> point(Snapshot snapshot) {
    BackupFacts facts = BackupFacts.fromMap(snapshot.facts());
    return way(facts).map(way -> point(snapshot, facts, way.target()));
  }

  private RestorePoint point(Snapshot snapshot, BackupFacts facts, RestoreTarget target) {
    return new RestorePoint(
        snapshot.id().toString(),
        snapshot.completedAt(),
        facts.systemIdentifier(),
        target.timeline(),
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
