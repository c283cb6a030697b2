package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.files.BackupFacts;
import dev.chrysalis.postgres.agent.wal.RestoreTarget;
import dev.chrysalis.postgres.agent.wal.TimelineHistory;
import dev.chrysalis.postgres.agent.wal.WalArchive;
import dev.chrysalis.postgres.agent.wal.WalCommit;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Chooses what to restore before anything is touched: the newest snapshot from which the vault's
/// WAL leads to the goal, and the goal as the position of a record. Only reads the catalog and WAL.
final class RestoreChoice {
  private static final Duration HISTORY_PATIENCE = Duration.ofSeconds(90);
  private static final Duration LOOK = Duration.ofMillis(200);

  private final Duration patience;
  private final Vault vault;
  private final String store;
  private final WalArchive archive;

  RestoreChoice(Vault vault, String store) {
    this(vault, store, HISTORY_PATIENCE);
  }

  /// @param patience how long the history of a new timeline is waited for
  RestoreChoice(Vault vault, String store, Duration patience) {
    this.patience = patience;
    this.vault = vault;
    this.store = store;
    this.archive = new WalArchive(vault, store);
  }

  /// A snapshot and the record to stop after.
  ///
  /// @param target where the last record to be replayed begins
  /// @param commit when the newest commit in it happened, where that is known
  record Chosen(
      Snapshot snapshot, BackupFacts facts, int timeline, Lsn target, Optional<Instant> commit) {
    long system() {
      return Long.parseUnsignedLong(facts.systemIdentifier());
    }
  }

  /// Chooses among the given snapshot, or all. `timeline` empty: the newest that can be reached.
  Chosen choose(RestoreGoal goal, Optional<SnapshotId> only, Optional<Integer> timeline) {
    for (Snapshot snapshot : candidates(only).reversed()) {
      Optional<Chosen> chosen = reach(goal, snapshot, timeline);
      if (chosen.isPresent()) {
        return chosen.get();
      }
    }
    throw new ChrysalisException(
        PostgresErrors.NO_RESTORE_POINT,
        "no %s of %s leads to the target over unbroken WAL"
            .formatted(only.map(id -> "way from snapshot " + id).orElse("snapshot"), store),
        "nothing was touched; see what the vault holds: chrysalis restore-points " + store);
  }

  /// What was chosen before, whatever came to the vault since.
  Chosen again(RestoreMemory.Choice before) {
    Snapshot snapshot = candidates(Optional.of(before.snapshot())).getFirst();
    BackupFacts facts = BackupFacts.fromMap(snapshot.facts());
    return new Chosen(snapshot, facts, before.timeline(), before.target(), Optional.empty());
  }

  /// Where the vault's WAL of the timeline ends, if a hole keeps the chosen way from getting there.
  Optional<Lsn> beyondHole(Chosen chosen) {
    return archive
        .coveredThrough(chosen.system(), chosen.timeline())
        .filter(end ->
            end.compareTo(chosen.target()) > 0
                && !new WalWay(archive, chosen.system())
                    .leads(chosen.timeline(), chosen.target(), end));
  }

  /// The newest snapshot that can follow a server of that cluster and timeline. The history of a
  /// timeline that has just begun may still be on its way to the vault: it is waited for.
  Snapshot forStandby(String system, int timeline, Optional<SnapshotId> only, Report report) {
    List<Snapshot> all = candidates(only);
    long begun = System.nanoTime();
    boolean told = false;
    while (true) {
      Optional<TimelineHistory> history = archive.history(Long.parseUnsignedLong(system), timeline);
      Optional<Snapshot> found =
          following(system, history.orElseGet(() -> TimelineHistory.first(timeline)), all);
      if (found.isPresent()) {
        return found.get();
      }
      if (history.isPresent() || timeline == 1) {
        throw noSnapshot(system, timeline);
      }
      if (!told) {
        told = true;
        report.note(
            "waiting for the history of timeline %d, which the primary's shipper brings to the vault"
                .formatted(timeline));
      }
      report.progress("waiting for the timeline's history in the vault", 0, 0);
      LockSupport.parkNanos(LOOK.toNanos());
      if (Thread.currentThread().isInterrupted()) {
        throw new ChrysalisException(
            AgentErrors.TERMINATED,
            "interrupted while waiting for the history of timeline " + timeline,
            "nothing was touched; start it again");
      }
      if (System.nanoTime() - begun > patience.toNanos()) {
        throw noHistory(timeline);
      }
    }
  }

  private static Optional<Snapshot> following(
      String system, TimelineHistory history, List<Snapshot> snapshots) {
    return snapshots.reversed().stream()
        .filter(snapshot -> {
          BackupFacts facts = BackupFacts.fromMap(snapshot.facts());
          return facts.systemIdentifier().equals(system)
              && history.includes(facts.timeline())
              && history
                  .endOf(facts.timeline())
                  .filter(fork -> fork.compareTo(facts.stopLsn()) < 0)
                  .isEmpty();
        })
        .findFirst();
  }

  private ChrysalisException noSnapshot(String system, int timeline) {
    return new ChrysalisException(
        PostgresErrors.NO_RESTORE_POINT,
        "no snapshot of cluster %s can follow timeline %d".formatted(system, timeline),
        "nothing was touched; take a backup of the primary first: chrysalis backup " + store);
  }

  private ChrysalisException noHistory(int timeline) {
    return new ChrysalisException(
        PostgresErrors.NO_RESTORE_POINT,
        "the WAL shipper of the primary has not stored the history of timeline %d after %d s"
            .formatted(timeline, patience.toSeconds()),
        "nothing was touched; see whether that shipper runs and reaches the vault, then repeat");
  }

  private List<Snapshot> candidates(Optional<SnapshotId> only) {
    List<Snapshot> all =
        vault.snapshots(store).stream()
            .filter(s -> only.isEmpty() || only.get().equals(s.id()))
            .toList();
    if (all.isEmpty()) {
      throw new ChrysalisException(
          PostgresErrors.NO_RESTORE_POINT,
          only.map(id -> "the vault holds no snapshot " + id + " of " + store)
              .orElse("the vault holds no snapshot of " + store),
          "nothing was touched; see what the vault holds: chrysalis restore-points " + store);
    }
    return all;
  }

  private Optional<Chosen> reach(RestoreGoal goal, Snapshot snapshot, Optional<Integer> timeline) {
    BackupFacts facts = BackupFacts.fromMap(snapshot.facts());
    long system = Long.parseUnsignedLong(facts.systemIdentifier());
    Optional<RestoreTarget> newest =
        archive.newestRestorable(system, facts.startTimeline(), facts.startLsn());
    int on = timeline.or(() -> newest.map(RestoreTarget::timeline)).orElse(facts.timeline());
    return switch (goal) {
      case RestoreGoal.Latest _ ->
          newest
              .filter(t -> t.timeline() == on && t.end().compareTo(facts.stopLsn()) >= 0)
              .map(t -> new Chosen(snapshot, facts, on, t.lastRecord(), t.newestCommit()));
      case RestoreGoal.AtLsn(Lsn lsn) ->
          Optional.of(new Chosen(snapshot, facts, on, lsn, Optional.empty()))
              .filter(c -> isConsistent(c, newest) && isComplete(c, newest) && leads(c));
      case RestoreGoal.AtTime(Instant moment) ->
          archive
              .commitAtOrBefore(system, on, moment)
              .map((WalCommit c) -> new Chosen(snapshot, facts, on, c.lsn(), Optional.of(c.at())))
              .filter(c -> isConsistent(c, newest) && leads(c));
    };
  }

  /// A cluster is consistent from its backup's end on; the newest record may begin before that.
  private static boolean isConsistent(Chosen chosen, Optional<RestoreTarget> newest) {
    Lsn stop = chosen.facts().stopLsn();
    return chosen.target().compareTo(stop) >= 0
        || newest
            .filter(t -> t.lastRecord().equals(chosen.target()) && t.end().compareTo(stop) >= 0)
            .isPresent();
  }

  /// Recovery only ends at a record that it can read whole.
  private static boolean isComplete(Chosen chosen, Optional<RestoreTarget> newest) {
    return newest
        .filter(t -> t.timeline() == chosen.timeline())
        .filter(t -> t.lastRecord().compareTo(chosen.target()) < 0)
        .isEmpty();
  }

  private boolean leads(Chosen chosen) {
    return new WalWay(archive, chosen.system())
        .leads(chosen.timeline(), chosen.facts().startLsn(), chosen.target().plus(1));
  }
}
