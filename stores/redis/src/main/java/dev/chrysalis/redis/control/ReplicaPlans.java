package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.workloads.MemberSteps;
import dev.chrysalis.workloads.PlanFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Plans while a master serves: whatever else of the datastore is broken is repaired by the same
/// plan, since the checklist at its end wants all of it well. Pure.
record ReplicaPlans(RedisSteps parts) {
  /// Restarts replicas whose data is there.
  Plan down(Situation.ReplicaDown down) {
    List<Step> steps = new ArrayList<>(parts.begin(List.of()));
    Map<String, String> master = Map.of(Leader.MASTER, down.master().toString());
    down.replicas().forEach(replica -> restart(steps, replica, master));
    repairOthers(steps, down.master(), down.replicas());
    repairSentinels(steps, master);
    return end(
        down.scenario(), "Restart %s behind %s.".formatted(down.replicas(), down.master()), steps);
  }

  /// Sets the data of replicas aside and lets them copy the master's.
  Plan lost(String scenario, MemberId leader, List<MemberId> replicas) {
    List<Step> steps = new ArrayList<>(parts.begin(List.of()));
    Map<String, String> master = Map.of(Leader.MASTER, leader.toString());
    replicas.forEach(replica -> copyAnew(steps, replica, master));
    repairOthers(steps, leader, replicas);
    repairSentinels(steps, master);
    return end(
        scenario,
        "Set the data of %s aside and let them copy that of %s.".formatted(replicas, leader),
        steps);
  }

  Plan sentinelsDown(Situation.SentinelsDown down) {
    List<Step> steps = new ArrayList<>(parts.begin(List.of()));
    Map<String, String> master = Map.of(Leader.MASTER, down.master().toString());
    Step await = parts.restartSentinels(steps, down.sentinels(), master, PlanFrame.CONFIRM);
    steps.addAll(parts.clients().awaitOthers(List.of(await.id())));
    repairOthers(steps, down.master(), List.of());
    return end(down.scenario(), "Restart " + down.sentinels() + ".", steps);
  }

  /// Makes all Sentinels forget whom they knew. Nobody can be made to ask for fewer than there are:
  /// where one asks for more, that is for a person.
  Optional<Plan> quorumLost(Situation.QuorumLost lost) {
    List<MemberId> all = parts.sentinels();
    boolean asksForTooMany =
        parts.state().answering().stream().anyMatch(s -> s.quorum().orElse(0) > all.size());
    if (asksForTooMany) {
      return Optional.empty();
    }
    List<Step> steps = new ArrayList<>(parts.begin(List.of()));
    all.forEach(sentinel -> steps.add(parts.fence(sentinel, List.of(PlanFrame.CONFIRM))));
    String watching =
        parts.watch(
            steps, Map.of(Leader.MASTER, lost.master().toString()), List.of(PlanFrame.CONFIRM));
    steps.addAll(parts.clients().awaitOthers(List.of(watching)));
    repairOthers(steps, lost.master(), List.of());
    String summary = "Make %s forget whom they knew, and watch %s.".formatted(all, lost.master());
    return Optional.of(end(lost.scenario(), summary, steps));
  }

  private Plan end(String scenario, String summary, List<Step> steps) {
    steps.add(PlanFrame.verify(steps));
    return parts.plan(scenario, summary, "nothing", steps);
  }

  private void repairSentinels(List<Step> steps, Map<String, String> master) {
    List<MemberId> down = parts.sentinelsDown();
    if (!down.isEmpty()) {
      Step _ = parts.restartSentinels(steps, down, master, PlanFrame.CONFIRM);
    }
  }

  /// @param seen those that the plan is about
  private void repairOthers(List<Step> steps, MemberId leader, List<MemberId> seen) {
    Map<String, String> master = Map.of(Leader.MASTER, leader.toString());
    for (MemberView view : parts.state().servers()) {
      if (view.id().equals(leader) || seen.contains(view.id())) {
        continue;
      }
      switch (view.condition()) {
        case DATA_LOST -> copyAnew(steps, view.id(), master);
        case DOWN_INTACT -> restart(steps, view.id(), master);
        case SERVING_REPLICA -> {
          if (isAstray(view, leader)) {
            copyAnew(steps, view.id(), master);
          }
        }
        case LOADING, UNKNOWN, SERVING_MASTER, EMPTY_MASTER -> {}
      }
    }
  }

  /// Whether it says that it follows another, or does not reach whom it follows.
  private boolean isAstray(MemberView view, MemberId leader) {
    return view.master().isPresent()
        && parts
            .state()
            .server(leader)
            .filter(master -> !(view.follows(master) && view.keepsUp()))
            .isPresent();
  }

  private void copyAnew(List<Step> steps, MemberId replica, Map<String, String> master) {
    steps.add(parts.fence(replica, List.of(PlanFrame.CONFIRM)));
    parts.rejoin(steps, replica, true, master, List.of(PlanFrame.CONFIRM));
  }

  /// One that would start as a master by its configuration, as a master does that came down before
  /// a failover, is told to follow first.
  private void restart(List<Step> steps, MemberId replica, Map<String, String> master) {
    boolean follows =
        parts.state().server(replica).flatMap(MemberView::configuredMaster).isPresent();
    if (follows) {
      steps.add(
          MemberSteps.restart(replica, "Restart the replica " + replica, PlanFrame.CONFIRM)
              .deadline(RedisSteps.LOADS_WITHIN)
              .build());
      steps.add(parts.join(replica, master, "restart-" + replica));
    } else {
      steps.add(parts.fence(replica, List.of(PlanFrame.CONFIRM)));
      parts.rejoin(steps, replica, false, master, List.of(PlanFrame.CONFIRM));
    }
  }
}
