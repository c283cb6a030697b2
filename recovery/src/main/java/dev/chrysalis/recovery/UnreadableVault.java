package dev.chrysalis.recovery;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.redis.control.RestorePoints;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Stands for a vault that could not be opened, so that what needs none of it can still be asked:
/// which members are broken. Every use says why there is no vault.
public record UnreadableVault(ChrysalisException why)
    implements RecordStore, WalInVault, StoresInVault {
  @Override
  public WalInVault postgres(String datastore) {
    return this;
  }

  @Override
  public RestorePoints redis(String datastore) {
    return new UnreadableRestorePoints(this);
  }

  @Override
  public dev.chrysalis.cassandra.control.RestorePoints cassandra(
      String datastore, Duration synced) {
    return new UnreadableRing(this);
  }

  ChrysalisException again() {
    return new ChrysalisException(why.code(), String.valueOf(why.getMessage()), why.hint(), why);
  }

  @Override
  public boolean create(String key, byte[] body) {
    throw again();
  }

  @Override
  public Optional<byte[]> read(String key) {
    throw again();
  }

  @Override
  public List<String> keys(String prefix) {
    throw again();
  }

  @Override
  public Optional<End> end(String systemIdentifier, int timeline) {
    throw again();
  }

  @Override
  public boolean covers(String systemIdentifier, int timeline, Lsn from, Lsn to) {
    throw again();
  }

  @Override
  public Optional<LeftBehind> leftBehind(String systemIdentifier, int timeline, int by) {
    throw again();
  }

  @Override
  public Chosen choose(RestoreGoal goal, Optional<Integer> timeline, Reading reading) {
    throw again();
  }

  @Override
  public Discarded discarded(String systemIdentifier, int timeline, Lsn target, Reading reading) {
    throw again();
  }

  @Override
  public Optional<RestorePoint> newest() {
    throw again();
  }

  @Override
  public List<RestorePoint> restorePoints() {
    throw again();
  }

  @Override
  public Optional<RestorePoint> restorePoint(String snapshot) {
    throw again();
  }

  @Override
  public Optional<String> newestSnapshot() {
    throw again();
  }

  @Override
  public Optional<Shipped> shipped() {
    throw again();
  }

  @Override
  public Optional<Instant> recoveryPoint() {
    throw again();
  }
}
