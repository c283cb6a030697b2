package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.platform.process.supervisor.WorkloadRecord.Assigned;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Which members get the workload's current revision and generation next. Pure.
///
/// 1. Members that do not run (scaled away, fenced) get it at once, and so do members whose
///    processes need no change, because their revision has the current one's content.
/// 2. While a member that has it is not ready, nobody else gets it.
/// 3. Otherwise one member gets it: one that is not ready rather than one that is, of those the one
///    of the highest ordinal.
///
/// Property: at most one member that was ready is down because of a rollout; a revision that does
/// not come up takes one member down, not the workload.
final class Rollout {
  private Rollout() {}

  /// What to hand out next, by ordinal; empty where there is nothing to do now.
  static Map<Integer, Assigned> next(WorkloadRecord workload, IntPredicate ready) {
    var free = new TreeMap<Integer, Assigned>();
    for (int i = 0; i < workload.spec().addresses().size(); i++) {
      if (!workload.upToDate(i) && (!runs(workload, i) || needsNoChange(workload, i))) {
        free.put(i, current(workload, i));
      }
    }
    if (!free.isEmpty()) {
      return free;
    }
    return oneMore(workload, ready)
        .map(ordinal -> Map.of(ordinal, current(workload, ordinal)))
        .orElse(Map.of());
  }

  /// Whether a member still waits for its turn, or the last one is not ready yet.
  static boolean underWay(WorkloadRecord workload, IntPredicate ready) {
    return members(workload).anyMatch(i -> !workload.upToDate(i) || !ready.test(i));
  }

  private static Optional<Integer> oneMore(WorkloadRecord workload, IntPredicate ready) {
    if (members(workload).anyMatch(i -> workload.upToDate(i) && !ready.test(i))) {
      return Optional.empty();
    }
    return members(workload)
        .filter(i -> !workload.upToDate(i))
        .boxed()
        .max(Comparator.<Integer, Boolean>comparing(i -> !ready.test(i)).thenComparing(i -> i));
  }

  private static IntStream members(WorkloadRecord workload) {
    return IntStream.range(0, workload.replicas()).filter(i -> runs(workload, i));
  }

  private static boolean runs(WorkloadRecord workload, int ordinal) {
    return ordinal < workload.replicas() && !workload.fences().containsKey(ordinal);
  }

  private static boolean needsNoChange(WorkloadRecord workload, int ordinal) {
    return workload.assignedTo(ordinal).generation() == workload.generation()
        && workload.revisionOf(ordinal).sameContentAs(workload.current());
  }

  private static Assigned current(WorkloadRecord workload, int ordinal) {
    return new Assigned(
        workload.current().number(), workload.generation(), workload.assignedTo(ordinal).renewal());
  }
}
