package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.process.ContainerSpec;
import dev.chrysalis.platform.process.supervisor.WorkloadRecord.Assigned;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// Keeps one member as it is wanted. Its thread goes round four times a second, and at once when it
/// is poked:
///
/// 1. Read what is wanted. Where the member must not run, or its processes are not of what is
///    assigned to it, end them and see them gone.
/// 2. A process that ended is noted, and its container may start again after its back-off.
/// 3. Before a container starts, whatever is left of it is killed and awaited.
/// 4. A container starts only under the lock `starts`, after a last look at what is wanted. Who
///    fences the member or moves its volume holds the same lock, so that nothing starts behind
///    their back.
/// 5. What is seen is published, and written down whenever a process came or went.
///
/// Property: a process that was started between two writes of the record is found by its mark
/// (`MemberProcesses`) and ended before another takes its place.
final class MemberKeeper implements Runnable {
  private static final Duration ROUND = Duration.ofMillis(250);

  private final MemberId id;
  private final Desk desk;
  private final Machine machine;
  private final Programs programs;
  private final VolumeRoom volumes;
  private final Stopper stopper;
  private final Prober prober;
  private final Runnable onChange;
  private final ReentrantLock starts = new ReentrantLock();
  private final BlockingQueue<Boolean> pokes = new ArrayBlockingQueue<>(1);
  private final Map<String, ContainerRun> runs = new LinkedHashMap<>();
  private Assigned running;
  private String complaint = "";
  private volatile boolean retired;
  private volatile boolean finished;
  private volatile Observed observed;

  MemberKeeper(
      MemberId id,
      Desk desk,
      Machine machine,
      Programs programs,
      VolumeRoom volumes,
      Runnable onChange) {
    this.id = id;
    this.desk = desk;
    this.machine = machine;
    this.programs = programs;
    this.volumes = volumes;
    this.onChange = onChange;
    this.stopper = new Stopper(machine);
    this.prober = new Prober(this::poke);
    var record = DurableFile.read(machine.state().memberFile(id), MemberRecord.class);
    this.running = record.map(MemberRecord::assigned).orElse(new Assigned(0, 0, 0));
    record.ifPresent(r ->
        r.containers().forEach((n, c) -> runs.put(n, ContainerRun.adopt(n, c, machine.table()))));
    this.observed =
        new Observed(
            Member.Phase.STARTING,
            false,
            0,
            running,
            machine.clock().instant(),
            record.map(MemberRecord::lastExit).orElse(""),
            runs.values().stream().anyMatch(ContainerRun::running),
            record.map(MemberRecord::lastPid).orElse(0L));
    adopt();
  }

  ReentrantLock starts() {
    return starts;
  }

  Observed observed() {
    return observed;
  }

  void poke() {
    var _ = pokes.offer(true);
  }

  /// Ends the member's processes and the keeper, whatever is wanted.
  void retire() {
    retired = true;
    poke();
  }

  boolean finished() {
    return finished;
  }

  @Override
  public void run() {
    while (!finished) {
      try {
        round();
      } catch (UncheckedIOException | ChrysalisException e) {
        complain(e.getMessage() + (e.getCause() == null ? "" : ": " + e.getCause().getMessage()));
      }
      rest();
    }
  }

  private void round() {
    Wanted wanted = desk.wanted(id);
    if (retired) {
      stop(wanted, "the supervisor is shut down");
      finished = runs.isEmpty();
    } else if (!wanted.run()) {
      stop(wanted, wanted.goal() == Wanted.Goal.FENCE ? "it is fenced" : "it is not wanted");
    } else {
      if (!runs.isEmpty() && !running.equals(wanted.assigned())) {
        replace(wanted);
      }
      wanted.revision().containers().forEach(container -> keep(wanted, container));
      probe(wanted);
    }
    publish(wanted);
  }

  private void rest() {
    try {
      var _ = pokes.poll(ROUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      finished = true;
    }
  }

  private void adopt() {
    for (ContainerRun run : runs.values()) {
      if (run.running()) {
        machine
            .events()
            .add(id.toString(), "Adopted", run.name() + " runs as pid " + run.lastPid());
      }
    }
  }

  private void replace(Wanted wanted) {
    boolean sameProcesses =
        running.generation() == wanted.assigned().generation()
            && running.renewal() == wanted.assigned().renewal()
            && desk.workloadOf(id)
                .revision(running.revision())
                .filter(r -> r.sameContentAs(wanted.revision()))
                .isPresent();
    if (sameProcesses) {
      running = wanted.assigned();
      write();
    } else {
      stop(wanted, "it is replaced");
    }
  }

  private void stop(Wanted wanted, String why) {
    boolean idle = runs.isEmpty();
    if (idle && observed.phase() == phase(wanted)) {
      return;
    }
    observed = unready(observed);
    if (!idle) {
      machine.events().add(id.toString(), "Killing", "stopping, because " + why);
    }
    List<ProcessId> mains =
        runs.values().stream()
            .filter(r -> r.name().equals(wanted.main()))
            .flatMap(r -> r.process().stream())
            .toList();
    List<ProcessId> others =
        runs.values().stream()
            .filter(r -> !r.name().equals(wanted.main()))
            .flatMap(r -> r.process().stream())
            .toList();
    if (!stopper.stop(id, wanted.main(), mains, others, wanted.spec().stop())) {
      complain("processes of it do not end, not even by SIGKILL");
      return;
    }
    if (!idle) {
      runs.values().forEach(r -> r.stopped(machine.clock().instant()));
      remember(wanted);
    }
  }

  /// After a stop only the main container's last words are kept.
  private void remember(Wanted wanted) {
    ContainerRun main = runs.get(wanted.main());
    if (main != null) {
      // No process of what takes this one's place has run yet.
      observed =
          new Observed(
              wanted.run() ? Member.Phase.STARTING : observed.phase(),
              false,
              0,
              running,
              machine.clock().instant(),
              main.lastExit(),
              false,
              main.lastPid());
    }
    runs.clear();
    write();
  }

  private void keep(Wanted wanted, ContainerSpec container) {
    boolean isMain = container.name().equals(wanted.main());
    Instant now = machine.clock().instant();
    ContainerRun run =
        runs.computeIfAbsent(container.name(), n -> new ContainerRun(n, machine.table(), now));
    if (run.process().isPresent() && !run.running()) {
      noteDeath(run, now);
    }
    boolean mainRuns =
        isMain
            || Optional.ofNullable(runs.get(wanted.main()))
                .filter(ContainerRun::running)
                .isPresent();
    if (run.mayStart(now) && mainRuns) {
      start(wanted, container, run);
    }
    boundLog(container);
  }

  private void noteDeath(ContainerRun run, Instant now) {
    run.died(now);
    machine.events().add(id.toString(), "Died", run.name() + " ended: " + run.lastExit());
    if (run.looping()) {
      machine
          .events()
          .add(
              id.toString(),
              "BackOff",
              "starting " + run.name() + " again in " + run.backOff(now).toMillis() + " ms");
    }
    write();
  }

  private void start(Wanted wanted, ContainerSpec container, ContainerRun run) {
    if (!stopper.clear(id, wanted.main(), List.of(), f -> f.container().equals(container.name()))) {
      complain("processes of it do not end, not even by SIGKILL");
      return;
    }
    starts.lock();
    try {
      Wanted now = desk.wanted(id);
      if (!now.equals(wanted) || retired || !volumeIsReady(wanted)) {
        return;
      }
      Process process = programs.start(id, wanted, container);
      run.started(process, machine.clock().instant());
      running = wanted.assigned();
      complaint = "";
      write();
      var _ = process.onExit().thenRun(this::poke);
      machine
          .events()
          .add(id.toString(), "Started", container.name() + " runs as pid " + process.pid());
    } catch (IOException e) {
      run.failedToStart("not started: " + e.getMessage(), machine.clock().instant());
      machine.events().add(id.toString(), "Failed", container.name() + ": " + e.getMessage());
    } finally {
      starts.unlock();
    }
  }

  private boolean volumeIsReady(Wanted wanted) {
    starts.lock();
    try {
      return volumeIsThere(wanted) && volumeIsFree(wanted);
    } finally {
      starts.unlock();
    }
  }

  private boolean volumeIsThere(Wanted wanted) {
    if (!wanted.spec().hasVolume() || volumes.prepare(id)) {
      return true;
    }
    complainOnce("VolumeMissing", "its volume is gone; it stays stopped until it has one again");
    return false;
  }

  private boolean volumeIsFree(Wanted wanted) {
    if (!wanted.spec().hasVolume() || !volumes.isLockedByJob(id)) {
      return true;
    }
    complainOnce("VolumeLocked", "an agent's job changes its volume; it starts afterwards");
    return false;
  }

  private void probe(Wanted wanted) {
    ContainerRun main = runs.get(wanted.main());
    if (main != null && main.running()) {
      ContainerSpec container = wanted.revision().containers().getFirst();
      boolean before = observed.ready();
      prober.tick(
          main.lastPid(),
          main.since(),
          container.readiness(),
          wanted.address(),
          machine.clock().instant());
      if (before && !prober.ready(main.lastPid())) {
        machine.events().add(id.toString(), "Unhealthy", "its readiness probe fails");
      }
    }
  }

  private void publish(Wanted wanted) {
    Observed before = observed;
    ContainerRun main = runs.get(wanted.main());
    Member.Phase phase = phase(wanted);
    boolean ready = wanted.run() && main != null && main.running() && prober.ready(main.lastPid());
    observed =
        new Observed(
            phase,
            ready,
            main == null ? 0 : main.restarts(),
            running,
            phase == before.phase() ? before.since() : machine.clock().instant(),
            main == null ? before.lastExit() : main.lastExit(),
            runs.values().stream().anyMatch(r -> r.process().isPresent()),
            main == null ? before.lastPid() : main.lastPid());
    if (phase != before.phase() || ready != before.ready()) {
      onChange.run();
    }
  }

  private Member.Phase phase(Wanted wanted) {
    ContainerRun main = runs.get(wanted.main());
    if (main == null) {
      return wanted.goal() == Wanted.Goal.FENCE ? Member.Phase.FENCED : Member.Phase.STOPPED;
    }
    if (main.running() && prober.everReady(main.lastPid())) {
      return Member.Phase.RUNNING;
    }
    if (main.process().isEmpty() && wanted.spec().hasVolume() && !volumes.isThere(id)) {
      return Member.Phase.STOPPED;
    }
    return main.looping() ? Member.Phase.CRASH_LOOPING : Member.Phase.STARTING;
  }

  private static Observed unready(Observed o) {
    return new Observed(
        o.phase(),
        false,
        o.restarts(),
        o.assigned(),
        o.since(),
        o.lastExit(),
        o.processes(),
        o.lastPid());
  }

  private void boundLog(ContainerSpec container) {
    try {
      new ContainerLog(machine.state().logs(id), container.name()).bound();
    } catch (IOException e) {
      throw new UncheckedIOException("could not shorten a log", e);
    }
  }

  private void write() {
    var containers = new LinkedHashMap<String, MemberRecord.ContainerRecord>();
    runs.forEach((name, run) -> containers.put(name, run.record()));
    if (!retired || machine.state().isThere()) {
      DurableFile.write(
          machine.state().memberFile(id),
          new MemberRecord(running, containers, observed.lastExit(), observed.lastPid()));
    }
  }

  private void complain(String message) {
    complainOnce("Failed", message);
  }

  private void complainOnce(String reason, String message) {
    if (!complaint.equals(message)) {
      complaint = message;
      machine.events().add(id.toString(), reason, message);
    }
  }
}
