package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.postgres.Lsn;
import java.time.Instant;

/// A commit found in the log.
public record WalCommit(Lsn lsn, long xid, Instant at) {}
