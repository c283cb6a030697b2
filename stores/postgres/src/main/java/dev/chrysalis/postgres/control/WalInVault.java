package dev.chrysalis.postgres.control;

import dev.chrysalis.postgres.Lsn;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the controller asks of the vault's WAL.
public interface WalInVault {
  /// How far the vault's WAL of a timeline reaches; empty where it holds none.
  Optional<End> end(String systemIdentifier, int timeline);

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
