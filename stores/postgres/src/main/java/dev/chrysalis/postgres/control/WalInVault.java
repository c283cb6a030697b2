package dev.chrysalis.postgres.control;

import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.RestoreGoal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the controller asks of the vault's WAL.
public interface WalInVault {
  /// How far the vault's WAL of a timeline reaches; empty where it holds none.
  Optional<End> end(String systemIdentifier, int timeline);

  /// Whether all WAL of a timeline from `from` to `to` (excluded) is there.
  boolean covers(String systemIdentifier, int timeline, Lsn from, Lsn to);

  /// What a timeline holds behind the point at which another one left it: lost to those who follow
  /// the other one. Empty until the vault has the history of `by`.
  Optional<LeftBehind> leftBehind(String systemIdentifier, int timeline, int by);

  /// The newest moment that can be restored; empty where there is no complete snapshot with
  /// unbroken WAL behind it.
  Optional<RestorePoint> newest();

  /// All snapshots, oldest first, each with the newest moment that its WAL reaches; those without
  /// unbroken WAL to their own end are left out.
  List<RestorePoint> restorePoints();

  /// What one snapshot can be brought to, whatever the others are like; empty where no unbroken WAL
  /// leads to its own end. `VaultErrors.NO_SUCH_SNAPSHOT` where there is none of that name.
  Optional<RestorePoint> restorePoint(String snapshot);

  /// The name of the newest snapshot, also where it cannot be restored, or not even be read.
  Optional<String> newestSnapshot();

  /// The snapshot and the record that bring the database to a goal. `NO_RESTORE_POINT`,
  /// `OUT_OF_WINDOW` or `NO_SUCH_TARGET` where none does.
  ///
  /// @param timeline empty for the newest
  Chosen choose(RestoreGoal goal, Optional<Integer> timeline, Reading reading);

  /// What a recovery that stops after a record leaves out of the newest timeline, as far as the
  /// vault has it.
  Discarded discarded(String systemIdentifier, int timeline, Lsn target, Reading reading);

  /// The newest WAL that the vault holds, whether a snapshot leads to it or not; empty where it
  /// holds none.
  Optional<Shipped> shipped();

  /// Up to when everything that was committed can be restored; empty where nothing can.
  Optional<Instant> recoveryPoint();

  /// @param end the first position that is not in the vault
  record Shipped(String systemIdentifier, int timeline, Lsn end) {
    /// Whether it is of the timeline that a restore point reaches.
    public boolean isOf(RestorePoint point) {
      return systemIdentifier.equals(point.systemIdentifier()) && timeline == point.timeline();
    }
  }

  /// @param end the first position that is not in the vault
  /// @param lastRecord where the last whole record begins
  /// @param asOf up to when everything that was committed lies before the end, where that is known
  record End(Lsn end, Lsn lastRecord, Optional<Instant> asOf) {}

  /// @param xid the transaction
  /// @param at by the server's clock
  record Commit(long xid, Instant at) {
    @Override
    public String toString() {
      return "xid %d at %s".formatted(xid, at);
    }
  }

  /// @param at where the timeline was left; empty where the other one did not come from it
  /// @param walBytes how much of the timeline's WAL the vault holds behind that
  /// @param some the first of the commits there, not many
  record LeftBehind(
      Optional<Lsn> at,
      long walBytes,
      long commits,
      Optional<Commit> first,
      Optional<Commit> last,
      List<Commit> some) {
    public LeftBehind {
      some = List.copyOf(some);
    }
  }

  /// Told while WAL is read, often.
  @FunctionalInterface
  interface Reading {
    /// @param total 0 while not known
    void read(long bytes, long total);
  }

  /// @param target where the last record to be replayed begins
  /// @param next where the record behind it begins at the earliest, where that is known
  /// @param commit when the newest commit in it happened, where that is known
  /// @param majorVersion of the server: 17
  /// @param missingPacks how many of the snapshot's packs the vault does not hold
  record Chosen(
      String snapshot,
      String systemIdentifier,
      int majorVersion,
      int timeline,
      Lsn target,
      Optional<Lsn> next,
      Optional<Instant> commit,
      long bytes,
      int missingPacks) {}

  /// @param first when the earliest of the commits happened, by the server's clock
  /// @param bytes how much WAL that is
  /// @param timeline the one that is left
  /// @param end where its WAL in the vault ends
  record Discarded(
      long commits,
      Optional<Instant> first,
      Optional<Instant> last,
      long bytes,
      int timeline,
      Lsn end) {

    /// From the first to the last of the commits.
    public Duration span() {
      return first
          .flatMap(from -> last.map(to -> Duration.between(from, to)))
          .orElse(Duration.ZERO);
    }

    @Override
    public String toString() {
      String wal = "%.1f MB of WAL".formatted(bytes / 1e6);
      return commits == 0
          ? "no commit (" + wal + ")"
          : "%d commits of %s, from %s to %s (%s)"
              .formatted(
                  commits,
                  Durations.show(span()),
                  first.map(Instant::toString).orElse(""),
                  last.map(Instant::toString).orElse(""),
                  wal);
    }
  }

  /// @param windowFrom the earliest moment to which it can be brought, by the server's clock
  /// @param from the same as a position
  /// @param target where the last record to be replayed begins
  /// @param missingPacks how many of the snapshot's packs the vault does not hold
  /// @param damagedPages how many of its pages failed their checksum when they were backed up
  record RestorePoint(
      String snapshot,
      Instant snapshotAt,
      String systemIdentifier,
      int timeline,
      Instant windowFrom,
      Lsn from,
      Lsn target,
      Lsn end,
      String newestCommit,
      long bytes,
      int missingPacks,
      long damagedPages) {}
}
