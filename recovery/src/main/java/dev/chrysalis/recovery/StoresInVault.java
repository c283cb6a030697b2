package dev.chrysalis.recovery;

import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.redis.control.RestorePoints;
import java.time.Duration;

/// What the vault holds of datastores, kind by kind. Nothing is read before something is asked.
public interface StoresInVault {
  /// Of a PostgreSQL datastore.
  ///
  /// @param datastore its name in the stack file
  WalInVault postgres(String datastore);

  /// Of a Redis datastore.
  ///
  /// @param datastore its name in the stack file
  RestorePoints redis(String datastore);

  /// Of a Cassandra ring.
  ///
  /// @param datastore its name in the stack file
  /// @param synced how much later than acknowledged its nodes may sync a write
  dev.chrysalis.cassandra.control.RestorePoints cassandra(String datastore, Duration synced);
}
