package dev.chrysalis.cli;

import dev.chrysalis.cassandra.archive.RingInVault;
import dev.chrysalis.postgres.archive.PostgresInVault;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.recovery.StoresInVault;
import dev.chrysalis.redis.archive.RedisInVault;
import dev.chrysalis.redis.control.RestorePoints;
import dev.chrysalis.vault.Vault;
import java.time.Clock;
import java.time.Duration;

/// What an opened vault holds of datastores.
record OpenedVault(Vault vault, Clock clock) implements StoresInVault {
  @Override
  public WalInVault postgres(String datastore) {
    return new PostgresInVault(vault, datastore, clock);
  }

  @Override
  public RestorePoints redis(String datastore) {
    return new RedisInVault(vault, datastore, clock);
  }

  @Override
  public dev.chrysalis.cassandra.control.RestorePoints cassandra(
      String datastore, Duration synced) {
    return new RingInVault(vault, datastore, synced, clock);
  }
}
