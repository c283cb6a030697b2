package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.platform.process.Signals;
import java.time.Clock;

/// What keepers share: the directory, the machine's processes, the events, the time.
record Machine(
    StateDirectory state,
    ProcessTable table,
    MemberProcesses processes,
    Signals signals,
    EventLog events,
    Clock clock) {}
