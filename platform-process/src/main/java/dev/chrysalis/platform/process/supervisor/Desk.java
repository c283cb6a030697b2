package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.PlatformErrors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Everything that is wanted, on disk and in memory.
///
/// 1. A change takes the gate, compares its token with the highest seen, and keeps a higher one
///    durably before anything else.
/// 2. Under the same gate it makes its change and writes the workload's record.
/// 3. Only then the change is visible to those who read without the gate, and answered.
///
/// Properties: no change of a lower token starts after one of a higher token was let in; what was
/// answered survives kill -9.
final class Desk {
  private record Highest(long token) {}

  private final StateDirectory state;
  private final ReentrantLock gate = new ReentrantLock();
  private volatile SortedMap<String, WorkloadRecord> workloads = new TreeMap<>();
  private long highest;

  Desk(StateDirectory state) throws IOException {
    this.state = state;
    this.highest =
        DurableFile.read(state.tokenFile(), Highest.class).map(Highest::token).orElse(0L);
    var found = new TreeMap<String, WorkloadRecord>();
    for (Path file : state.workloadFiles()) {
      DurableFile.read(file, WorkloadRecord.class).ifPresent(w -> found.put(w.spec().name(), w));
    }
    this.workloads = found;
  }

  /// Runs a change under the gate, if its token is not stale.
  <T> T change(Token token, Supplier<T> act) {
    gate.lock();
    try {
      admit(token);
      return act.get();
    } finally {
      gate.unlock();
    }
  }

  /// Runs a change of the supervisor's own, such as the next move of a rollout.
  void change(Runnable act) {
    gate.lock();
    try {
      act.run();
    } finally {
      gate.unlock();
    }
  }

  /// Writes a workload's record; only from within `change`.
  void put(WorkloadRecord workload) {
    if (!gate.isHeldByCurrentThread()) {
      throw new IllegalStateException("a change outside of the gate");
    }
    DurableFile.write(state.workloadFile(workload.spec().name()), workload);
    var changed = new TreeMap<>(workloads);
    changed.put(workload.spec().name(), workload);
    workloads = changed;
  }

  /// Removes a workload's record; only from within `change`.
  void remove(String name) {
    if (!gate.isHeldByCurrentThread()) {
      throw new IllegalStateException("a change outside of the gate");
    }
    DurableFile.remove(state.workloadFile(name));
    var changed = new TreeMap<>(workloads);
    changed.remove(name);
    workloads = changed;
  }

  SortedMap<String, WorkloadRecord> workloads() {
    return workloads;
  }

  WorkloadRecord workload(String name) {
    WorkloadRecord found = workloads.get(name);
    if (found == null) {
      throw new ChrysalisException(
          PlatformErrors.NO_SUCH_WORKLOAD,
          "there is no workload " + name + ", only " + String.join(", ", workloads.keySet()),
          "Correct the name in the stack file, or start the stack.");
    }
    return found;
  }

  /// The workload of a member that it can have.
  WorkloadRecord workloadOf(MemberId member) {
    WorkloadRecord workload = workload(member.workload());
    if (!workload.hasMember(member.ordinal())) {
      throw new ChrysalisException(
          PlatformErrors.NO_SUCH_MEMBER,
          "there is no member "
              + member
              + ": the workload has addresses for "
              + workload.spec().addresses().size(),
          "Name a member that `status` shows.");
    }
    return workload;
  }

  /// The highest token that was seen; 0 where there was none.
  long highest() {
    gate.lock();
    try {
      return highest;
    } finally {
      gate.unlock();
    }
  }

  Wanted wanted(MemberId member) {
    return Wanted.of(workloadOf(member), member.ordinal());
  }

  private void admit(Token token) {
    if (token.value() < highest) {
      throw new ChrysalisException(
          PlatformErrors.STALE_TOKEN,
          "token " + token + " is stale: token " + highest + " was seen",
          "Another controller has taken over. Look at its run before you start one again.");
    }
    if (token.value() > highest) {
      DurableFile.write(state.tokenFile(), new Highest(token.value()));
      highest = token.value();
    }
  }
}
