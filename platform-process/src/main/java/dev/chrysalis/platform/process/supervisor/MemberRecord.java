package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.platform.process.supervisor.WorkloadRecord.Assigned;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a supervisor must know of a member's processes to adopt them after its own death.
///
/// @param assigned what the processes are of
/// @param containers by name; none of a member that was stopped on purpose
/// @param lastExit how the main container's last process ended
/// @param lastPid of the main container's last process, 0 where none ever ran
record MemberRecord(
    Assigned assigned, Map<String, ContainerRecord> containers, String lastExit, long lastPid) {
  MemberRecord {
    containers = Map.copyOf(containers);
  }

  /// One container's process.
  ///
  /// @param process its main process, or null while there is none
  /// @param lastPid of the process that ran last, 0 where none ever ran
  record ContainerRecord(
      @Nullable ProcessId process, int restarts, Instant since, String lastExit, long lastPid) {}
}
