package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.postgres.Lsn;
import java.time.Instant;
import java.util.Optional;

/// The newest moment that a base backup can be brought to.
///
/// @param timeline for `recovery_target_timeline`
/// @param lastRecord for `recovery_target_lsn` with `recovery_target_inclusive`: recovery stops
///   after the record that begins there, so that nothing that is complete is left out
/// @param end where the WAL that the vault holds ends
/// @param newestCommit the time of the newest commit, where any was seen
public record RestoreTarget(
    long system, int timeline, Lsn lastRecord, Lsn end, Optional<Instant> newestCommit) {}
