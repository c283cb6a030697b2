package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.agent.files.BackupFacts;
import dev.chrysalis.postgres.agent.wal.TimelineHistory;
import dev.chrysalis.postgres.agent.wal.WalArchive;
import dev.chrysalis.postgres.agent.wal.WalWay;
import dev.chrysalis.postgres.archive.RestoreSearch;
import dev.chrysalis.postgres.archive.RestoreSearch.Chosen;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Chooses what to restore before anything is touched: the newest snapshot from which the vault's
/// WAL leads to the goal, and the goal as the position of a record. Only reads the catalog and WAL.
final class RestoreChoice {
  private static final Duration HISTORY_PATIENCE = Duration.ofSeconds(90);
  private static final Duration LOOK = Duration.ofMillis(200);

  private final Duration patience;
  private final RestoreSearch search;
  private final String store;
  private final WalArchive archive;

  RestoreChoice(Vault vault, String store) {
    this(vault, store, HISTORY_PATIENCE);
  }

  /// @param patience how long the history of a new timeline is waited for
  RestoreChoice(Vault vault, String store, Duration patience) {
    this.patience = patience;
    this.search = new RestoreSearch(vault, store, Clock.systemUTC());
    this.store = store;
    this.archive = new WalArchive(vault, store);
  }

  /// Chooses among the given snapshot, or all. `timeline` empty: the newest that can be reached.
  Chosen choose(
      RestoreGoal goal, Optional<SnapshotId> only, Optional<Integer> timeline, Report report) {
    return search.choose(
        goal,
        only,
        timeline,
        (bytes, total) -> report.progress("looking for the target in the WAL", bytes, total));
  }

  /// What was chosen before, whatever came to the vault since.
  Chosen again(RestoreMemory.Choice before) {
    Snapshot snapshot = search.candidates(Optional.of(before.snapshot())).getFirst();
    BackupFacts facts = BackupFacts.fromMap(snapshot.facts());
    return new Chosen(
        snapshot, facts, before.timeline(), before.target(), Optional.empty(), Optional.empty());
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
    List<Snapshot> all = search.candidates(only);
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
}
