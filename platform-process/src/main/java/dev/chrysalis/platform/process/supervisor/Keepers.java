package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.platform.process.supervisor.WorkloadRecord.Assigned;
import dev.chrysalis.platform.process.supervisor.WorkloadRecord.Revision;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The keepers of all members that there can be, and the rollouts, which hand out work to them.
final class Keepers {
  private static final Duration ROUND = Duration.ofMillis(250);
  private static final Duration RETIREMENT = Duration.ofSeconds(10);

  private final Desk desk;
  private final Machine machine;
  private final Programs programs;
  private final VolumeRoom volumes;
  private final ConcurrentMap<MemberId, MemberKeeper> keepers = new ConcurrentHashMap<>();
  private final Map<String, Progress> progress = new HashMap<>();
  private final Semaphore changes = new Semaphore(0);
  private volatile boolean closed;

  private record Progress(Map<Integer, Assigned> assigned, long since, boolean reported) {}

  Keepers(Desk desk, Machine machine, Programs programs, VolumeRoom volumes) {
    this.desk = desk;
    this.machine = machine;
    this.programs = programs;
    this.volumes = volumes;
  }

  /// Gives every member that can be a keeper, and pokes those that have one already.
  void attend(WorkloadRecord workload) {
    for (int i = 0; i < workload.spec().addresses().size(); i++) {
      var member = new MemberId(workload.spec().name(), i);
      if (!closed) {
        keepers.computeIfAbsent(member, this::begin).poke();
      }
    }
    changes.release();
  }

  MemberKeeper of(MemberId member) {
    desk.workloadOf(member);
    return keepers.computeIfAbsent(member, this::begin);
  }

  /// Ends the keeper of a member of which nothing runs, before the member is removed.
  void forget(MemberId member) {
    MemberKeeper keeper = of(member);
    keeper.retire();
    if (!Stopper.await(RETIREMENT, keeper::finished)) {
      throw new ChrysalisException(
          PlatformErrors.VOLUME_IN_USE, member + " does not end", "Try again.");
    }
    keepers.remove(member);
  }

  /// Moves rollouts on until the keepers are closed.
  void rollOut() {
    while (!closed) {
      desk.workloads().values().forEach(this::prove);
      desk.workloads().values().forEach(this::rollOut);
      try {
        var _ = changes.tryAcquire(ROUND.toMillis(), TimeUnit.MILLISECONDS);
        changes.drainPermits();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /// Stops all members. Returns whether nothing of them runs any more.
  boolean close() {
    closed = true;
    keepers.values().forEach(MemberKeeper::retire);
    long longest =
        desk.workloads().values().stream()
            .mapToLong(w -> w.spec().stop().graceMillis())
            .max()
            .orElse(0);
    return Stopper.await(
        Duration.ofMillis(longest).plusSeconds(20),
        () -> keepers.values().stream().allMatch(MemberKeeper::finished));
  }

  private MemberKeeper begin(MemberId member) {
    volumes.finish(member);
    var keeper = new MemberKeeper(member, desk, machine, programs, volumes, changes::release);
    Thread.ofVirtual().name("keeper-" + member).start(keeper);
    return keeper;
  }

  /// Notes with which revisions members have been ready: to these a service can be rolled back.
  private void prove(WorkloadRecord seen) {
    Set<Integer> fresh = new TreeSet<>();
    for (int i = 0; i < seen.spec().addresses().size(); i++) {
      MemberKeeper keeper = keepers.get(new MemberId(seen.spec().name(), i));
      if (keeper != null && keeper.observed().ready()) {
        fresh.add(keeper.observed().assigned().revision());
      }
    }
    seen.revisions().stream().filter(Revision::proven).forEach(r -> fresh.remove(r.number()));
    if (seen.revisions().stream().anyMatch(r -> fresh.contains(r.number()))) {
      desk.change(() ->
          Optional.ofNullable(desk.workloads().get(seen.spec().name()))
              .ifPresent(now -> desk.put(now.withProven(fresh))));
    }
  }

  private void rollOut(WorkloadRecord seen) {
    String name = seen.spec().name();
    if (!Rollout.underWay(seen, ordinal -> ready(seen, ordinal))) {
      progress.remove(name);
      return;
    }
    desk.change(() -> {
      WorkloadRecord workload = desk.workloads().get(name);
      if (workload == null) {
        // Removed since it was seen.
        return;
      }
      var next = Rollout.next(workload, ordinal -> ready(workload, ordinal));
      if (!next.isEmpty()) {
        desk.put(workload.withAssigned(next));
        next.keySet().forEach(i -> of(new MemberId(name, i)).poke());
      }
    });
    Optional.ofNullable(desk.workloads().get(name)).ifPresent(this::watchProgress);
  }

  /// Ready, and already of what is assigned to it.
  private boolean ready(WorkloadRecord workload, int ordinal) {
    MemberKeeper keeper = keepers.get(new MemberId(workload.spec().name(), ordinal));
    return keeper != null
        && keeper.observed().ready()
        && keeper.observed().assigned().equals(workload.assignedTo(ordinal));
  }

  private void watchProgress(WorkloadRecord workload) {
    String name = workload.spec().name();
    Progress known = progress.get(name);
    long now = System.nanoTime();
    if (known == null || !known.assigned().equals(workload.assigned())) {
      progress.put(name, new Progress(workload.assigned(), now, false));
    } else if (!known.reported()
        && now - known.since()
            > TimeUnit.MILLISECONDS.toNanos(workload.spec().progressDeadlineMillis())) {
      machine
          .events()
          .add(
              name,
              "ProgressDeadlineExceeded",
              "revision " + workload.current().number() + " does not come up");
      progress.put(name, new Progress(known.assigned(), known.since(), true));
    }
  }
}
