package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.postgres.Lsn;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// Where a recovery stops.
public sealed interface RecoveryTarget {
  /// At a record. Inclusive: after the first record that *begins* at or behind the position. Since
  /// the server must read such a record to know that it is there, the way to "all WAL up to its
  /// end" is the beginning of the last record, inclusive.
  record AtLsn(Lsn lsn, boolean inclusive) implements RecoveryTarget {}

  /// At the last commit before (or, inclusive, at) a moment. There must be a later one to see.
  record AtTime(Instant time, boolean inclusive) implements RecoveryTarget {}

  /// At (inclusive) or before the end of a transaction.
  record AtTransaction(long xid, boolean inclusive) implements RecoveryTarget {
    public AtTransaction {
      if (xid < 3) {
        throw new IllegalArgumentException("not a transaction: " + xid);
      }
    }
  }

  /// At a restore point made by `pg_create_restore_point`.
  record AtName(String name) implements RecoveryTarget {
    public AtName {
      if (name.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > 63) {
        throw new IllegalArgumentException("a restore point's name has 1 to 63 bytes");
      }
    }
  }

  /// As soon as the base backup is consistent: its stop.
  record AtConsistency() implements RecoveryTarget {}
}
