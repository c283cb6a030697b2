package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.platform.process.supervisor.MemberProcesses.Found;
import dev.chrysalis.platform.process.supervisor.ProcessTable.Seen;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Who stands in the way of moving a member's volume: its servers, and agents that work on it. An
/// agent works when it holds a POSIX lock on a file (that is how a job locks its volume), or when
/// it no longer belongs to an exec that somebody waits for (that is how a job detaches).
final class VolumeUse {
  private final ProcessTable table;
  private final MemberProcesses processes;
  private final AgentExec agents;

  VolumeUse(ProcessTable table, MemberProcesses processes, AgentExec agents) {
    this.table = table;
    this.processes = processes;
    this.agents = agents;
  }

  /// Refuses with `VOLUME_IN_USE` while somebody does. Callers hold the member's lock `starts`.
  void refuseIfUsed(MemberId member, String mainContainer) {
    Set<Long> lockHolders = table.lockHolders();
    List<Found> users =
        processes.of(member, mainContainer).stream()
            .filter(f -> !f.seen().ended())
            .filter(f -> !f.agent() || lockHolders.contains(f.pid()) || detached(f.seen()))
            .toList();
    if (!users.isEmpty()) {
      String who =
          users.stream()
              .map(f -> f.container() + " (pid " + f.pid() + ")")
              .collect(Collectors.joining(", "));
      throw new ChrysalisException(
          PlatformErrors.VOLUME_IN_USE,
          "the volume of " + member + " is in use by " + who,
          "Stop or fence the member, or await the job, then try again.");
    }
  }

  private boolean detached(Seen agent) {
    Optional<Seen> at = Optional.of(agent);
    for (int depth = 0; at.isPresent() && depth < 64; depth++) {
      if (agents.awaits(at.get().id().pid())) {
        return false;
      }
      at = table.at(at.get().parent());
    }
    return true;
  }
}
