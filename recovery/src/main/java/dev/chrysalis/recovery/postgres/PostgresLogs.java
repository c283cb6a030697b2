package dev.chrysalis.recovery.postgres;

import dev.chrysalis.postgres.agent.wal.WalArchive;
import dev.chrysalis.postgres.archive.KeptWal;
import dev.chrysalis.postgres.archive.PostgresInVault;
import dev.chrysalis.postgres.control.WalInVault.RestorePoint;
import dev.chrysalis.recovery.store.StoreLogs;
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

/// The write-ahead log of a PostgreSQL datastore.
///
/// @param store its name in the vault
public record PostgresLogs(Vault vault, String store, Clock clock) implements StoreLogs {
  private PostgresInVault inVault() {
    return new PostgresInVault(vault, store, clock);
  }

  @Override
  public Optional<SnapshotId> newest() {
    return inVault().newest().map(RestorePoint::snapshot).map(SnapshotId::new);
  }

  @Override
  public Set<SnapshotId> complete() {
    return inVault().restorePoints().stream()
        .filter(p -> p.missingPacks() == 0)
        .map(p -> new SnapshotId(p.snapshot()))
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public Optional<List<LogRange>> logsOf(Snapshot snapshot) {
    return Optional.of(inVault().logsOf(snapshot)).filter(logs -> !logs.isEmpty());
  }

  @Override
  public Optional<Set<SnapshotId>> bases(List<Snapshot> complete, Instant windowBegin) {
    return Optional.of(keptWal().bases(complete, windowBegin));
  }

  @Override
  public List<LogKeep> keep(List<Snapshot> kept, Instant windowBegin, Instant horizon) {
    return keptWal().of(kept, complete(), windowBegin, horizon);
  }

  private KeptWal keptWal() {
    return new KeptWal(vault, store, clock);
  }

  @Override
  public List<String> marksBefore(Instant moment) {
    return new WalArchive(vault, store).marksBefore(moment);
  }
}
