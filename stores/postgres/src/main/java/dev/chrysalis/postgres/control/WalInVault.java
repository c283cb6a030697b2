package dev.chrysalis.postgres.control;

import dev.chrysalis.postgres.Lsn;
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

  /// The end of the newest WAL that the vault holds of the newest restore point's timeline,
  /// restorable or not; empty where there is no restore point.
  Optional<Lsn> shippedTo();

  /// When the newest state that the vault holds was that of the server; empty where it holds none.
  Optional<Instant> recoveryPoint();

  /// @param end the first position that is not in the vault
  /// @param lastRecord where the last whole record begins
  record End(Lsn end, Lsn lastRecord) {}

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

  /// @param target where the last record to be replayed begins
  /// @param missingPacks how many of the snapshot's packs the vault does not hold
  record RestorePoint(
      String snapshot,
      Instant snapshotAt,
      String systemIdentifier,
      int timeline,
      Lsn target,
      Lsn end,
      String newestCommit,
      long bytes,
      int missingPacks) {}
}
