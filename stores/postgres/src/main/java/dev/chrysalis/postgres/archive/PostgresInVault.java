package dev.chrysalis.postgres.archive;

import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.agent.files.BackupFacts;
import dev.chrysalis.postgres.agent.wal.RecoveryPoint;
import dev.chrysalis.postgres.agent.wal.RestoreTarget;
import dev.chrysalis.postgres.agent.wal.WalArchive;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.Vault;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Reads the snapshots and the WAL of one datastore from the vault. Every call looks anew, so that
/// what it says holds at this moment. Safe for many threads.
public final class PostgresInVault implements WalInVault {
  private static final int SOME = 20;

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

  @Override
  public boolean covers(String systemIdentifier, int timeline, Lsn from, Lsn to) {
    return archive.covers(Long.parseUnsignedLong(systemIdentifier), timeline, from, to);
  }

  @Override
  public Optional<LeftBehind> leftBehind(String systemIdentifier, int timeline, int by) {
    long system = Long.parseUnsignedLong(systemIdentifier);
    return archive.history(system, by).map(h -> leftBehind(system, timeline, h.endOf(timeline)));
  }

  private LeftBehind leftBehind(long system, int timeline, Optional<Lsn> at) {
    Optional<Lsn> end = archive.coveredThrough(system, timeline);
    if (at.isEmpty() || end.isEmpty() || end.get().compareTo(at.get()) <= 0) {
      return new LeftBehind(at, 0, 0, Optional.empty(), Optional.empty(), List.of());
    }
    List<Commit> some = new ArrayList<>();
    AtomicLong count = new AtomicLong();
    AtomicReference<@Nullable Commit> last = new AtomicReference<>();
    archive.commits(
        system,
        timeline,
        at.get(),
        end.get(),
        commit -> {
          Commit seen = new Commit(commit.xid(), commit.at());
          count.incrementAndGet();
          last.set(seen);
          if (some.size() < SOME) {
            some.add(seen);
          }
        });
    return new LeftBehind(
        at,
        end.get().minus(at.get()),
        count.get(),
        some.stream().findFirst(),
        Optional.ofNullable(last.get()),
        some);
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

  private Optional<RestorePoint> point(Snapshot snapshot) {
    BackupFacts facts = BackupFacts.fromMap(snapshot.facts());
    long system = Long.parseUnsignedLong(facts.systemIdentifier());
    return archive
        .newestRestorable(system, facts.startTimeline(), facts.startLsn())
        .filter(t -> t.end().compareTo(facts.stopLsn()) >= 0)
        .map(t -> point(snapshot, facts, t));
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
