package dev.chrysalis.redis.archive;

import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.SnapshotId;
import java.time.Instant;
import java.util.Optional;

/// One moment to which the store can be brought: a base, and how much of the log behind it.
///
/// @param bytes the size of the base
/// @param log empty where the base stands alone
/// @param at the moment that is reached: everything that the server had persisted by then is there,
///   and nothing that came after it
public record RestoreChoice(
    SnapshotId snapshot, BaseFacts base, long bytes, Optional<Stretch> log, Instant at) {
  /// A stretch of a log that begins where the base stands and ends between two commands (never
  /// within MULTI … EXEC).
  ///
  /// @param to excluded; `from` where nothing of the log is needed
  public record Stretch(LogName log, long from, long to) {
    public Stretch {
      if (from < 0 || to < from) {
        throw new IllegalArgumentException("a backward stretch: " + from + " to " + to);
      }
    }
  }
}
