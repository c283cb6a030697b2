package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.process.supervisor.WorkloadRecord.Assigned;
import java.time.Instant;

/// A member as its keeper last saw it.
///
/// @param assigned what its processes are of
/// @param processes whether any container's process is there
/// @param lastPid of its main container's last process, 0 where none ever ran
record Observed(
    Member.Phase phase,
    boolean ready,
    int restarts,
    Assigned assigned,
    Instant since,
    String lastExit,
    boolean processes,
    long lastPid) {}
