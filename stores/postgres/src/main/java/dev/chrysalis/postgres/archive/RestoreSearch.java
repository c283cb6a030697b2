package dev.chrysalis.postgres.archive;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.agent.files.BackupFacts;
import dev.chrysalis.postgres.agent.wal.RestoreTarget;
import dev.chrysalis.postgres.agent.wal.TimelineHistory;
import dev.chrysalis.postgres.agent.wal.WalArchive;
import dev.chrysalis.postgres.agent.wal.WalCommit;
import dev.chrysalis.postgres.agent.wal.WalSearch;
import dev.chrysalis.postgres.agent.wal.WalWay;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Turns a goal into a snapshot, a timeline and the position of a record, before anything is
/// touched.
///
/// 1. The timeline is the one that is asked for, or else the newest that any snapshot leads to: a
///    newer snapshot of a timeline that was left does not count.
/// 2. The goal becomes a record: by the facts of pieces and by reading WAL on the way there.
/// 3. Taken is the newest snapshot that is consistent at that record and from which unbroken WAL
///    leads to it. A time that may lie in a gap, or before all WAL that is read, is none of it.
///
/// Only reads catalog and WAL. Safe for many threads.
public final class RestoreSearch {
  private final Vault vault;
  private final String store;
  private final WalArchive archive;
  private final Clock clock;

  public RestoreSearch(Vault vault, String store, Clock clock) {
    this.vault = vault;
    this.store = store;
    this.archive = new WalArchive(vault, store);
    this.clock = clock;
  }

  /// A snapshot and the record to stop after.
  ///
  /// @param target where the last record to be replayed begins
  /// @param next where the record behind it begins at the earliest, where that is known
  /// @param commit when the newest commit in it happened, where that is known
  public record Chosen(
      Snapshot snapshot,
      BackupFacts facts,
      int timeline,
      Lsn target,
      Optional<Lsn> next,
      Optional<Instant> commit) {
    public long system() {
      return Long.parseUnsignedLong(facts.systemIdentifier());
    }
  }

  /// A snapshot and the newest moment that its WAL leads to.
  record Reach(Snapshot snapshot, BackupFacts facts, RestoreTarget newest) {}

  /// Chooses among the given snapshot, or all. `timeline` empty: the newest that can be reached.
  /// Who names snapshot, timeline and position has chosen a record.
  public Chosen choose(
      RestoreGoal goal,
      Optional<SnapshotId> only,
      Optional<Integer> timeline,
      WalSearch.Progress progress) {
    List<Reach> all = reaches(candidates(only));
    int on =
        timeline.orElseGet(() -> newest(all).orElseThrow(() -> noWay(only)).newest().timeline());
    List<Reach> reaches = ofOneCluster(all, on);
    Reach newest = newest(reaches).orElseThrow(() -> noWay(only));
    if (goal instanceof RestoreGoal.Latest) {
      return latest(reaches, on).orElseThrow(() -> noWay(only));
    }
    List<Reach> following = reaches.stream().filter(r -> follows(r.facts(), on)).toList();
    refuseBeyond(goal, newest, on);
    boolean record = only.isPresent() && timeline.isPresent();
    WalSearch.Found found =
        goal instanceof RestoreGoal.AtLsn(Lsn lsn) && record
            ? new WalSearch.Found(lsn, lsn.plus(1), Optional.empty())
            : find(goal, following, on, progress).orElseThrow(() -> notFound(goal, following));
    return following.reversed().stream()
        .map(r -> chosen(r, on, found, record))
        .filter(c -> isConsistent(c, newest.newest()) && hasBegun(goal, found, c) && leads(c))
        .findFirst()
        .orElseThrow(() -> outside(goal, following));
  }

  /// The given snapshot, or all, oldest first; `NO_RESTORE_POINT` where there is none.
  public List<Snapshot> candidates(Optional<SnapshotId> only) {
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

  /// The newest restorable moment of all snapshots; empty where there is none.
  Optional<Reach> newest() {
    return newestOf(vault.snapshots(store));
  }

  /// The same of some of the snapshots.
  Optional<Reach> newestOf(List<Snapshot> snapshots) {
    return newest(reaches(snapshots));
  }

  /// All snapshots from which unbroken WAL leads to their own end and on, oldest first.
  List<Reach> reaches() {
    return reaches(vault.snapshots(store));
  }

  /// The same of some of the snapshots.
  List<Reach> reaches(List<Snapshot> snapshots) {
    List<Reach> reaches = new ArrayList<>();
    for (Snapshot snapshot : snapshots) {
      BackupFacts facts = BackupFacts.fromMap(snapshot.facts());
      archive
          .newestRestorable(system(facts), facts.startTimeline(), facts.startLsn())
          .filter(t -> t.end().compareTo(facts.stopLsn()) >= 0)
          .ifPresent(t -> reaches.add(new Reach(snapshot, facts, t)));
    }
    return reaches;
  }

  /// Of the newest snapshot's cluster, the newest snapshot that leads to its newest timeline.
  private static Optional<Reach> newest(List<Reach> reaches) {
    Optional<Reach> best = Optional.empty();
    for (Reach reach : reaches.reversed()) {
      boolean better =
          best.filter(b ->
                  !b.facts().systemIdentifier().equals(reach.facts().systemIdentifier())
                      || b.newest().timeline() >= reach.newest().timeline())
              .isEmpty();
      best = better ? Optional.of(reach) : best;
    }
    return best;
  }

  /// The snapshots of the newest cluster that has been on a timeline: a store that was made anew
  /// (from a dump) has the same numbers for other WAL.
  private static List<Reach> ofOneCluster(List<Reach> reaches, int timeline) {
    Optional<Reach> newest = newestOn(reaches, timeline).or(() -> newest(reaches));
    return reaches.stream()
        .filter(reach -> newest.filter(n -> system(n.facts()) == system(reach.facts())).isPresent())
        .toList();
  }

  private static Optional<Reach> newestOn(List<Reach> reaches, int timeline) {
    return newest(reaches.stream().filter(r -> r.newest().timeline() == timeline).toList());
  }

  private static Optional<Chosen> latest(List<Reach> reaches, int on) {
    return newestOn(reaches, on)
        .map(r ->
            new Chosen(
                r.snapshot(),
                r.facts(),
                on,
                r.newest().lastRecord(),
                Optional.empty(),
                r.newest().newestCommit()));
  }

  /// Whether recovery from a backup can get to a timeline.
  private boolean follows(BackupFacts facts, int timeline) {
    TimelineHistory history =
        archive.history(system(facts), timeline).orElseGet(() -> TimelineHistory.first(timeline));
    return follows(facts, history);
  }

  /// Whether recovery from a backup can get to the timeline of a history.
  static boolean follows(BackupFacts facts, TimelineHistory history) {
    return history.includes(facts.timeline())
        && history
            .endOf(facts.timeline())
            .filter(fork -> fork.compareTo(facts.stopLsn()) < 0)
            .isEmpty();
  }

  /// A transaction or a name is looked for in the newest WAL first: from each snapshot on to where
  /// the next one's WAL was looked at already.
  private Optional<WalSearch.Found> find(
      RestoreGoal goal, List<Reach> following, int on, WalSearch.Progress progress) {
    if (following.isEmpty()) {
      return Optional.empty();
    }
    WalSearch search = new WalSearch(archive, system(following.getLast().facts()), on, progress);
    if (goal instanceof RestoreGoal.AtTime || goal instanceof RestoreGoal.AtLsn) {
      return search.find(goal, following.getFirst().facts().startLsn(), WalSearch.FAR);
    }
    Lsn to = WalSearch.FAR;
    for (Reach reach : following.reversed()) {
      Lsn from = reach.facts().startLsn();
      Optional<WalSearch.Found> found = search.find(goal, from, to);
      if (found.isPresent()) {
        return found;
      }
      to = from;
    }
    return Optional.empty();
  }

  private static Chosen chosen(Reach reach, int on, WalSearch.Found found, boolean asGiven) {
    return new Chosen(
        reach.snapshot(),
        reach.facts(),
        on,
        found.record(),
        asGiven ? Optional.empty() : Optional.of(found.next()),
        found.commit().map(WalCommit::at));
  }

  /// A cluster is consistent from its backup's end on; the newest record may begin before that.
  private static boolean isConsistent(Chosen chosen, RestoreTarget newest) {
    Lsn stop = chosen.facts().stopLsn();
    boolean toTheEnd =
        newest.timeline() == chosen.timeline()
            && newest.lastRecord().equals(chosen.target())
            && newest.end().compareTo(stop) >= 0;
    return toTheEnd || chosen.target().compareTo(stop) >= 0;
  }

  /// Whether a snapshot holds nothing that is younger than a time. Where no commit before the time
  /// is on the way, it may lie long before the way.
  private static boolean hasBegun(RestoreGoal goal, WalSearch.Found found, Chosen chosen) {
    return !(goal instanceof RestoreGoal.AtTime(Instant moment))
        || found.commit().isPresent()
        || !chosen.facts().stoppedAt().isAfter(moment);
  }

  private boolean leads(Chosen chosen) {
    return new WalWay(archive, chosen.system())
        .leads(chosen.timeline(), chosen.facts().startLsn(), chosen.target().plus(1));
  }

  /// Recovery only ends at a record that it can read whole, and a moment that the vault does not
  /// cover yet may still get commits.
  private void refuseBeyond(RestoreGoal goal, Reach newest, int on) {
    if (newest.newest().timeline() != on) {
      return;
    }
    boolean beyond =
        switch (goal) {
          case RestoreGoal.AtTime(Instant moment) -> end(newest).isBefore(moment);
          case RestoreGoal.AtLsn(Lsn lsn) -> newest.newest().lastRecord().compareTo(lsn) < 0;
          case RestoreGoal.AtTransaction _, RestoreGoal.AtName _, RestoreGoal.Latest _ -> false;
        };
    if (beyond) {
      throw outside(
          goal,
          List.of(newest),
          "nothing was touched; what is younger may be on its way to the vault: try again in a few"
              + " seconds, or say latest");
    }
  }

  /// The newest moment up to which all commits are on the way to it.
  Instant end(Reach newest) {
    Instant commit = newest.newest().newestCommit().orElse(newest.facts().stoppedAt());
    return archive
        .asOf(newest.newest(), clock.instant())
        .filter(asOf -> asOf.isAfter(commit))
        .orElse(commit);
  }

  private ChrysalisException noWay(Optional<SnapshotId> only) {
    return new ChrysalisException(
        PostgresErrors.NO_RESTORE_POINT,
        "no %s of %s leads to the target over unbroken WAL"
            .formatted(only.map(id -> "way from snapshot " + id).orElse("snapshot"), store),
        "nothing was touched; see what the vault holds: chrysalis restore-points " + store);
  }

  private ChrysalisException outside(RestoreGoal goal, List<Reach> following) {
    return outside(
        goal,
        following,
        "nothing was touched; see each snapshot's window: chrysalis restore-points " + store);
  }

  private ChrysalisException outside(RestoreGoal goal, List<Reach> following, String hint) {
    return new ChrysalisException(
        PostgresErrors.OUT_OF_WINDOW,
        "%s cannot be restored of %s: the window is %s".formatted(goal, store, window(following)),
        hint);
  }

  private ChrysalisException notFound(RestoreGoal goal, List<Reach> following) {
    if (goal instanceof RestoreGoal.AtTime || goal instanceof RestoreGoal.AtLsn) {
      return outside(goal, following);
    }
    return new ChrysalisException(
        PostgresErrors.NO_SUCH_TARGET,
        "%s is not in the WAL of %s: looked at %s".formatted(goal, store, window(following)),
        "nothing was touched; a transaction that was rolled back, or is none of its own but part of"
            + " another (a savepoint), is not found: give a time or a position");
  }

  private String window(List<Reach> following) {
    if (following.isEmpty()) {
      return "empty";
    }
    BackupFacts first = following.getFirst().facts();
    Reach last = following.getLast();
    return "%s (%s) to %s (%s)"
        .formatted(first.stoppedAt(), first.stopLsn(), end(last), last.newest().lastRecord());
  }

  private static long system(BackupFacts facts) {
    return Long.parseUnsignedLong(facts.systemIdentifier());
  }
}
