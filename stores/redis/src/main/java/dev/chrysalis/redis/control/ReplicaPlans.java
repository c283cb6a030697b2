package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.redis.control.MemberView.Condition;
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
    repair(steps, down.master(), List.of(), down.replicas());
    repairSentinels(steps, master);
    return end(
        down.scenario(), "Restart %s behind %s.".formatted(down.replicas(), down.master()), steps);
  }

  /// Sets the data of replicas aside and lets them copy the master's.
  Plan lost(String scenario, MemberId leader, List<MemberId> replicas) {
    List<Step> steps = new ArrayList<>(parts.begin(List.of()));
    Map<String, String> master = Map.of(Leader.MASTER, leader.toString());
    repair(steps, leader, replicas, List.of());
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
    repair(steps, down.master(), List.of(), List.of());
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
    repair(steps, lost.master(), List.of(), List.of());
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

  /// Those that serve are copied one after another, once the others are back: the master is never
  /// alone for them.
  ///
  /// @param copied the replicas that the plan is about, where they copy the master's data
  /// @param restarted those where they are restarted
  private void repair(
      List<Step> steps, MemberId leader, List<MemberId> copied, List<MemberId> restarted) {
    Map<String, String> master = Map.of(Leader.MASTER, leader.toString());
    List<MemberId> serving = new ArrayList<>();
    List<String> joined = new ArrayList<>(List.of(PlanFrame.CONFIRM));
    for (MemberView view : parts.state().servers()) {
      if (view.id().equals(leader)) {
        continue;
      }
      boolean toCopy = copied.contains(view.id()) || hasToCopy(view, leader);
      if (toCopy && view.condition() == Condition.SERVING_REPLICA) {
        serving.add(view.id());
      } else if (toCopy) {
        joined.add(copyAnew(steps, view.id(), master, List.of(PlanFrame.CONFIRM)));
      } else if (restarted.contains(view.id()) || view.condition() == Condition.DOWN_INTACT) {
        joined.add(restart(steps, view.id(), master));
      }
    }
    for (MemberId replica : serving) {
      joined = List.of(copyAnew(steps, replica, master, joined));
    }
  }

  private boolean hasToCopy(MemberView view, MemberId leader) {
    return switch (view.condition()) {
      case DATA_LOST -> true;
      case SERVING_REPLICA -> isAstray(view, leader);
      case DOWN_INTACT, LOADING, UNKNOWN, SERVING_MASTER, EMPTY_MASTER -> false;
    };
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

  /// Returns the last step.
  private String copyAnew(
      List<Step> steps, MemberId replica, Map<String, String> master, List<String> after) {
    steps.add(parts.fence(replica, after));
    parts.rejoin(steps, replica, true, master, after);
    return "join-" + replica;
  }

  /// One that would start as a master by its configuration, as a master does that came down before
  /// a failover, is told to follow first. Returns the last step.
  private String restart(List<Step> steps, MemberId replica, Map<String, String> master) {
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
    return "join-" + replica;
  }
}
