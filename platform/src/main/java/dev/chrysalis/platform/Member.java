package dev.chrysalis.platform;

import dev.chrysalis.model.MemberId;
import java.time.Instant;

/// One member of a workload as observed.
///
/// @param address where its ports are; stays the same over restarts of a stateful set's member
/// @param ready whether its readiness probe holds
/// @param restarts how often its main process ended and was started again
/// @param since when it came into its phase
/// @param lastExit how its last process ended (`exit 1`, `signal 9`), or empty
public record Member(
    MemberId id,
    String address,
    Phase phase,
    boolean ready,
    int restarts,
    int revision,
    Instant since,
    String lastExit) {

  /// Where a member is in its life.
  public enum Phase {
    STARTING,
    RUNNING,
    CRASH_LOOPING,
    STOPPED,
    FENCED
  }
}
