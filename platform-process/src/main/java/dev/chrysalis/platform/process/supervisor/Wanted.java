package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.platform.process.WorkloadSpec;
import dev.chrysalis.platform.process.supervisor.WorkloadRecord.Assigned;
import dev.chrysalis.platform.process.supervisor.WorkloadRecord.Revision;

/// What is wanted of one member now.
record Wanted(Goal goal, WorkloadSpec spec, Assigned assigned, Revision revision, String address) {
  enum Goal {
    RUN,
    STOP,
    FENCE
  }

  static Wanted of(WorkloadRecord workload, int ordinal) {
    Goal goal =
        workload.fences().containsKey(ordinal)
            ? Goal.FENCE
            : ordinal < workload.replicas() ? Goal.RUN : Goal.STOP;
    return new Wanted(
        goal,
        workload.spec(),
        workload.assignedTo(ordinal),
        workload.revisionOf(ordinal),
        workload.spec().addresses().get(ordinal));
  }

  boolean run() {
    return goal == Goal.RUN;
  }

  /// The container that decides over the member.
  String main() {
    return revision.containers().getFirst().name();
  }
}
