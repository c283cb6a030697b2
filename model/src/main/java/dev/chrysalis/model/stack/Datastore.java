package dev.chrysalis.model.stack;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A stateful system of the stack.
///
/// @param workload the platform's name for it
/// @param clients the services that are told where its primary is
/// @param kind what it is, with what only that kind has
/// @param backup how it is protected
public record Datastore(
    String name, Kind kind, String workload, int port, List<Client> clients, BackupPolicy backup) {
  public Datastore {
    clients = List.copyOf(clients);
  }

  /// Dumps of a PostgreSQL datastore that others made; empty where none are declared.
  public Optional<DumpPolicy> dumps() {
    return switch (kind) {
      case Kind.PostgreSql postgreSql -> Optional.ofNullable(postgreSql.dumpsOrNull());
      case Kind.Redis _, Kind.Cassandra _ -> Optional.empty();
    };
  }

  /// What it is.
  public sealed interface Kind {
    /// @param dumpsOrNull backups of it that others made
    record PostgreSql(@Nullable DumpPolicy dumpsOrNull) implements Kind {}

    /// @param dumpsOrNull where RDB files are that others made: a folder or bucket that holds
    ///   `redis/dump.rdb`
    record Redis(Sentinels sentinels, @Nullable String dumpsOrNull) implements Kind {
      /// What the written runbook calls the RDB file.
      public static final String DUMP = "redis/dump.rdb";

      /// Where RDB files are that others made; empty where none are declared.
      public Optional<String> dumps() {
        return Optional.ofNullable(dumpsOrNull);
      }
    }

    /// A ring of nodes that are all alike: there is no primary that clients are pointed at.
    ///
    /// @param syncPeriod the nodes' `commitlog_sync_period`
    /// @param compareWithin how long a restored ring may be kept from its clients while all of its
    ///   rows are compared with what it was restored from; zero for not at all
    record Cassandra(Duration syncPeriod, Duration compareWithin) implements Kind {
      /// How much later than acknowledged a write may be synced.
      public Duration syncedWithin() {
        return syncedWithin(syncPeriod);
      }

      /// The same of any period. A server that syncs late takes writes until the last sync was one
      /// and a half periods ago, and then waits (`PeriodicCommitLogService`).
      public static Duration syncedWithin(Duration period) {
        return period.multipliedBy(3).dividedBy(2);
      }
    }

    /// Those who watch Redis and say who leads.
    ///
    /// @param workload the platform's name for them
    /// @param master what they call the group of servers
    record Sentinels(String workload, int port, String master) {
      private static final Pattern MASTER = Pattern.compile("[A-Za-z0-9._-]{1,100}");

      public Sentinels {
        master(master);
      }

      static String master(String name) {
        if (!MASTER.matcher(name).matches()) {
          throw new IllegalArgumentException("must be letters, digits, dots, hyphens");
        }
        return name;
      }
    }
  }

  /// A service, and the variable of its environment that holds the primary's address.
  public record Client(String service, String variable) {}

  /// @param every how old the newest snapshot may become
  /// @param logWithin how far the log in the vault may lag behind the server
  /// @param keepOrNull which snapshots are kept; without it all of them
  /// @param proveOrNull how fresh proofs must be; without it none are asked for
  public record BackupPolicy(
      Duration every,
      Duration logWithin,
      @Nullable KeepPolicy keepOrNull,
      @Nullable ProofPolicy proveOrNull) {
    /// How fresh the proofs of restore points must be; empty where nothing is proved by schedule.
    public Optional<ProofPolicy> prove() {
      return Optional.ofNullable(proveOrNull);
    }

    /// Which snapshots are kept; empty where all of them are, and nothing is pruned by schedule.
    public Optional<KeepPolicy> keep() {
      return Optional.ofNullable(keepOrNull);
    }
  }
}
