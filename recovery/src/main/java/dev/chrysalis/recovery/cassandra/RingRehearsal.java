package dev.chrysalis.recovery.cassandra;

import dev.chrysalis.cassandra.control.CassandraPlans;
import dev.chrysalis.cassandra.control.MemberView;
import dev.chrysalis.cassandra.control.RingState;
import dev.chrysalis.cassandra.control.Situation;
import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Volume;
import dev.chrysalis.recovery.aftermath.Runbook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The plans that a healthy ring may need one day. Pure: the same stack and members give the same
/// plans.
///
/// @param nodes at least one
record RingRehearsal(
    Stack stack, Datastore store, List<MemberId> nodes, CassandraPlans.Forecast forecast) {
  RingRehearsal {
    nodes = nodes.stream().sorted().toList();
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException(store.name() + " has no members");
    }
  }

  /// The mildest first.
  List<Plan> all() {
    List<MemberId> one = List.of(nodes.getFirst());
    List<Plan> all = new ArrayList<>();
    all.addAll(answer(new Situation.NodeCutOff(one)));
    all.addAll(answer(new Situation.SchemaSplit(one)));
    all.addAll(answer(new Situation.TablesDamaged(one)));
    all.addAll(answer(new Situation.NodeUnrepaired(one)));
    all.addAll(feared());
    all.add(corrupted());
    return List.copyOf(all);
  }

  /// The longest last.
  List<Plan> feared() {
    List<MemberId> one = List.of(nodes.getFirst());
    List<Plan> all = new ArrayList<>();
    if (nodes.size() > 1) {
      all.addAll(answer(new Situation.NodeDown(one)));
      all.addAll(answer(new Situation.NodeLost(one, List.of())));
      all.addAll(
          answer(
              new Situation.QuorumLost(
                  List.of(), nodes.subList(0, nodes.size() / 2 + 1), List.of())));
    }
    all.add(plans(new Situation.AllWell()).storeLost());
    return List.copyOf(all);
  }

  /// The plan for when no node runs, and all data is there.
  Plan allDown() {
    return plans(new Situation.QuorumLost(nodes, List.of(), List.of())).plan().orElseThrow();
  }

  private Plan corrupted() {
    Plan plan =
        plans(new Situation.AllWell())
            .dataCorrupted(new CassandraPlans.Target(Instant.EPOCH, Optional.empty(), List.of()));
    return new Plan(
        plan.scenario(),
        plan.stack(),
        "Bring the ring of %s back to the moment %s: each node's own files and its log up to then."
            .formatted(store.name(), Runbook.TARGET),
        "all that was written after that moment",
        plan.objective(),
        plan.steps().stream().map(RingRehearsal::toTarget).toList());
  }

  /// The moment is the reader's.
  private static Step toTarget(Step step) {
    return step.titled(step.title().replace(Instant.EPOCH.toString(), Runbook.TARGET));
  }

  private List<Plan> answer(Situation situation) {
    return plans(situation).plan().stream().toList();
  }

  private CassandraPlans plans(Situation situation) {
    RingState healthy = new RingState(nodes.stream().map(RingRehearsal::node).toList());
    return new CassandraPlans(stack, store, situation, healthy, forecast, Map.of());
  }

  private static MemberView node(MemberId id) {
    return new MemberView(
        new Member(id, "", Member.Phase.RUNNING, true, 0, 1, Instant.EPOCH, ""),
        new Volume(Volume.State.PRESENT, false, 1, 1),
        Map.of("server", "up", "mode", "NORMAL", "gossip", "yes", "clients", "yes"));
  }
}
