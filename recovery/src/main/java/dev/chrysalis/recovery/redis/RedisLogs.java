package dev.chrysalis.recovery.redis;

import dev.chrysalis.recovery.store.StoreLogs;
import dev.chrysalis.redis.archive.KeptLog;
import dev.chrysalis.redis.archive.RedisInVault;
import dev.chrysalis.redis.control.RestorePoints.Point;
import dev.chrysalis.vault.LogRange;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.prune.LogKeep;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The commands behind the bases of a Redis datastore.
///
/// @param store its name in the vault
public record RedisLogs(Vault vault, String store, Clock clock) implements StoreLogs {
  private RedisInVault inVault() {
    return new RedisInVault(vault, store, clock);
  }

  @Override
  public Optional<SnapshotId> newest() {
    return inVault().newest().map(Point::snapshot).map(SnapshotId::new);
  }

  @Override
  public Set<SnapshotId> complete() {
    return inVault().all().stream()
        .filter(p -> p.missingPacks() == 0)
        .map(p -> new SnapshotId(p.snapshot()))
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public Optional<List<LogRange>> logsOf(Snapshot snapshot) {
    return Optional.of(inVault().logsOf(snapshot));
  }

  @Override
  public List<LogKeep> keep(List<Snapshot> kept, Instant windowBegin, Instant horizon) {
    return new KeptLog(vault, store, clock).of(kept, windowBegin, horizon);
  }

  @Override
  public List<String> marksBefore(Instant moment) {
    return new KeptLog(vault, store, clock).marksBefore(moment);
  }
}
