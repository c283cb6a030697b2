package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.process.Signals;
import dev.chrysalis.platform.process.StopSpec;
import dev.chrysalis.platform.process.supervisor.MemberProcesses.Found;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/// Ends a member's processes and sees them gone.
///
/// 1. The main process gets the signal that asks it to end. Those beside it get theirs when it is
///    gone, or half of the grace is over: a PostgreSQL that ends sends its last WAL to who ships
///    it, and waits for that. A process that is halted (SIGSTOP) would not hear it and is killed.
/// 2. When they are gone or the grace is over, everything that is found of the member is killed,
///    again and again until nothing is found: a process may have started another meanwhile.
/// 3. What was killed is awaited until it is reaped, because a zombie still stands in the way of a
///    PostgreSQL that starts. Where nobody reaps, that wait ends after five seconds.
final class Stopper {
  private static final Duration STEP = Duration.ofMillis(15);
  private static final Duration KILLING = Duration.ofSeconds(10);
  private static final Duration REAPING = Duration.ofSeconds(5);

  private final Machine machine;

  Stopper(Machine machine) {
    this.machine = machine;
  }

  /// Ends the member. Returns whether nothing of it runs any more.
  boolean stop(
      MemberId member,
      String main,
      Collection<ProcessId> recordedMain,
      Collection<ProcessId> others,
      StopSpec how) {
    var recorded = new HashSet<>(recordedMain);
    Duration half = Duration.ofMillis(how.graceMillis() / 2);
    recordedMain.forEach(id -> ask(id, how.signal().number()));
    boolean mainEnded = await(half, () -> ended(recordedMain));
    recorded.addAll(others);
    others.forEach(id -> ask(id, StopSpec.Signal.TERM.number()));
    await(
        mainEnded ? half : Duration.ofMillis(how.graceMillis()).minus(half), () -> ended(recorded));
    return clear(member, main, recorded, found -> true);
  }

  /// Kills what is left of the member's containers. Agents are left alone.
  boolean clear(
      MemberId member, String main, Collection<ProcessId> recorded, Predicate<Found> which) {
    Set<ProcessId> all = new HashSet<>(recorded);
    boolean none = await(KILLING, () -> killFound(member, main, which, all));
    await(REAPING, () -> all.stream().allMatch(id -> machine.table().find(id).isEmpty()));
    return none;
  }

  /// Kills every process that carries the directory's mark, agents too.
  boolean clearEverything(String identity) {
    return await(KILLING, () -> killMarked(identity));
  }

  static boolean await(Duration atMost, BooleanSupplier goal) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!goal.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      LockSupport.parkNanos(STEP.toNanos());
    }
    return true;
  }

  private boolean ended(Collection<ProcessId> processes) {
    return processes.stream().noneMatch(machine.table()::runs);
  }

  private void ask(ProcessId id, int signal) {
    machine
        .table()
        .find(id)
        .filter(seen -> !seen.ended())
        .ifPresent(seen -> machine.signals().send(id.pid(), seen.halted() ? Signals.KILL : signal));
  }

  private boolean killFound(
      MemberId member, String main, Predicate<Found> which, Set<ProcessId> all) {
    List<Found> found = machine.processes().serversOf(member, main).stream().filter(which).toList();
    for (Found f : found) {
      all.add(f.seen().id());
      ask(f.seen().id(), Signals.KILL);
    }
    return found.isEmpty();
  }

  private boolean killMarked(String identity) {
    boolean none = true;
    for (var seen : machine.table().all()) {
      if (!seen.ended()
          && machine
              .table()
              .variable(seen.id().pid(), MemberProcesses.MARK)
              .filter(mark -> mark.startsWith(identity + "/"))
              .isPresent()) {
        none = false;
        ask(seen.id(), Signals.KILL);
      }
    }
    return none;
  }
}
