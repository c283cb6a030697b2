package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.Fencing;
import dev.chrysalis.platform.process.supervisor.MemberProcesses.Found;
import dev.chrysalis.platform.process.supervisor.WorkloadRecord.Fence;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/// Keeps members from running, and proves that they do not.
///
/// 1. The fence is written under the gate and the member's lock `starts`: no process is started
///    after that, by this supervisor or a later one.
/// 2. The keeper ends what runs.
/// 3. A look at all processes of the machine finds none of the member: that is the proof. It is
///    taken anew each time somebody asks.
final class Fences {
  private static final Duration KILLING = Duration.ofSeconds(12);

  private final Desk desk;
  private final Keepers keepers;
  private final MemberProcesses processes;
  private final EventLog events;
  private final Clock clock;

  Fences(Desk desk, Keepers keepers, MemberProcesses processes, EventLog events, Clock clock) {
    this.desk = desk;
    this.keepers = keepers;
    this.processes = processes;
    this.events = events;
    this.clock = clock;
  }

  Fencing fence(Token token, MemberId member, String cause) {
    MemberKeeper keeper = keepers.of(member);
    desk.change(token, () -> write(keeper, member, new Fence(token, cause, clock.instant())));
    keeper.poke();
    Duration grace =
        Duration.ofMillis(desk.workloadOf(member).spec().stop().graceMillis()).plus(KILLING);
    Stopper.await(grace, () -> look(member) instanceof Fencing.Proven);
    return look(member);
  }

  Fencing look(MemberId member) {
    WorkloadRecord workload = desk.workloadOf(member);
    Fence fence = workload.fences().get(member.ordinal());
    if (fence == null) {
      return new Fencing.NotFenced();
    }
    try {
      List<Found> left = processes.serversOf(member, Wanted.of(workload, member.ordinal()).main());
      return left.isEmpty()
          ? new Fencing.Proven(evidence(member, fence))
          : new Fencing.Unknown(member + ": still runs as " + pids(left));
    } catch (UncheckedIOException e) {
      return new Fencing.Unknown(member + ": " + e.getMessage());
    }
  }

  void unfence(Token token, MemberId member) {
    MemberKeeper keeper = keepers.of(member);
    desk.change(
        token,
        () -> {
          WorkloadRecord workload = desk.workloadOf(member);
          if (workload.fences().containsKey(member.ordinal())) {
            desk.put(workload.withoutFence(member.ordinal()));
            events.add(member.toString(), "Unfenced", "may run again, token " + token);
          }
          return workload;
        });
    keeper.poke();
  }

  private boolean write(MemberKeeper keeper, MemberId member, Fence fence) {
    keeper.starts().lock();
    try {
      WorkloadRecord workload = desk.workloadOf(member);
      desk.put(workload.withFence(member.ordinal(), fence));
      return workload.fences().containsKey(member.ordinal()) || announced(member, fence);
    } finally {
      keeper.starts().unlock();
    }
  }

  private boolean announced(MemberId member, Fence fence) {
    events.add(member.toString(), "Fenced", fence.cause() + ", token " + fence.token());
    return true;
  }

  private String evidence(MemberId member, Fence fence) {
    Observed last = keepers.of(member).observed();
    String pid =
        last.lastPid() == 0 ? "" : " (pid " + last.lastPid() + " gone since " + last.since() + ")";
    return member
        + ": no process left"
        + pid
        + ", restart off under token "
        + fence.token()
        + " since "
        + fence.at();
  }

  private static String pids(List<Found> left) {
    return left.stream().map(f -> "pid " + f.pid()).collect(Collectors.joining(", "));
  }
}
