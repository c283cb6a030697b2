package dev.chrysalis.postgres.archive;

import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.agent.files.BackupFacts;
import dev.chrysalis.postgres.agent.wal.RestoreTarget;
import dev.chrysalis.postgres.agent.wal.RestoreWay;
import dev.chrysalis.postgres.agent.wal.Timeline;
import dev.chrysalis.postgres.agent.wal.WalArchive;
import dev.chrysalis.postgres.agent.wal.WalSearch;
import dev.chrysalis.postgres.agent.wal.WalWay;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.vault.LogRange;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
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
        .map(t -> new End(t.end(), t.lastRecord(), archive.asOf(t, clock.instant())));
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
    return search.newest().map(this::point);
  }

  @Override
  public List<RestorePoint> restorePoints() {
    return search.reaches().stream().map(this::point).toList();
  }

  @Override
  public Optional<RestorePoint> restorePoint(String snapshot) {
    try (SnapshotReader reader = vault.openSnapshot(store, new SnapshotId(snapshot))) {
      return search.reaches(List.of(reader.snapshot())).stream().findFirst().map(this::point);
    }
  }

  @Override
  public Optional<String> newestSnapshot() {
    return vault.newestSnapshot(store).map(SnapshotId::value);
  }

  @Override
  public Chosen choose(RestoreGoal goal, Optional<Integer> timeline, Reading reading) {
    RestoreSearch.Chosen chosen = search.choose(goal, Optional.empty(), timeline, reading::read);
    return new Chosen(
        chosen.snapshot().id().toString(),
        chosen.facts().systemIdentifier(),
        chosen.facts().majorVersion(),
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
  public Optional<Shipped> shipped() {
    return archive
        .recoveryPoint(clock.instant())
        .flatMap(p ->
            archive
                .coveredThrough(p.system(), p.timeline())
                .map(end -> new Shipped(Long.toUnsignedString(p.system()), p.timeline(), end)));
  }

  @Override
  public Optional<Instant> recoveryPoint() {
    return search.newest().map(search::end);
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
        missing(snapshot),
        facts.damagedPages());
  }

  private int missing(Snapshot snapshot) {
    try (SnapshotReader reader = vault.openSnapshot(store, snapshot.id())) {
      return reader.missingPacks().size();
    }
  }
}
