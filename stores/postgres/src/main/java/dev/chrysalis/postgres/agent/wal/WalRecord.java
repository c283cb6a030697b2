package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.postgres.Lsn;
import java.time.Instant;

/// One complete, checked record of the write-ahead log.
///
/// @param start where it begins; what `recovery_target_lsn` is compared with
/// @param end where the next one may begin (aligned to 8 bytes; after a segment switch: the next
///   segment)
/// @param rmgr the resource manager's number
/// @param info the resource manager's flags
/// @param xid the transaction, 0 where there is none
public record WalRecord(Lsn start, Lsn end, int rmgr, int info, long xid, Detail detail) {

  /// What was understood of the record's content.
  public sealed interface Detail {
    /// A transaction (or a prepared one) was committed.
    ///
    /// @param xid the committed transaction: of a prepared one not the record's own
    /// @param at by the server's clock
    record Commit(long xid, Instant at) implements Detail {}

    /// `pg_create_restore_point`.
    record RestorePoint(String name, Instant at) implements Detail {}

    /// Everything else.
    record Other() implements Detail {}
  }
}
