package dev.chrysalis.recovery;

import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.recovery.cassandra.CassandraLogs;
import dev.chrysalis.recovery.postgres.PostgresLogs;
import dev.chrysalis.recovery.redis.RedisLogs;
import dev.chrysalis.recovery.store.StoreLogs;
import dev.chrysalis.vault.Vault;
import java.time.Clock;

/// The logs of datastores in a vault.
public record LogsInVault(Vault vault, Clock clock) {
  /// Those of a datastore.
  public StoreLogs of(Datastore store) {
    return switch (store.kind()) {
      case Datastore.Kind.PostgreSql _ -> new PostgresLogs(vault, store.name(), clock);
      case Datastore.Kind.Redis _ -> new RedisLogs(vault, store.name(), clock);
      case Datastore.Kind.Cassandra _ -> new CassandraLogs(vault, store.name());
    };
  }
}
