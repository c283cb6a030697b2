package dev.chrysalis.cassandra.control;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepBuilder;
import dev.chrysalis.engine.StepKind;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.workloads.BeginRestart;
import dev.chrysalis.workloads.ClientSteps;
import dev.chrysalis.workloads.FenceMember;
import dev.chrysalis.workloads.MemberSteps;
import dev.chrysalis.workloads.Parameters;
import dev.chrysalis.workloads.PlanFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The steps that the plans of a ring have in common. Pure.
///
/// @param found the situation that the plans are for
/// @param state what was seen when it was found
record RingSteps(
    Stack stack,
    Datastore store,
    Situation found,
    RingState state,
    CassandraPlans.Forecast forecast,
    ClientSteps clients) {
  static final String WORKLOAD = "workload";

  /// How long a node may take to read its log and join.
  static final Duration STARTS_WITHIN = Duration.ofHours(1);

  private static final Duration STARTS = Duration.ofSeconds(30);
  private static final Duration COPIES_WITHIN = Duration.ofHours(12);

  /// What is declared of the ring alone.
  Datastore.Kind.Cassandra ring() {
    if (store.kind() instanceof Datastore.Kind.Cassandra ring) {
      return ring;
    }
    throw new IllegalStateException(store.name() + " is no ring");
  }

  static MemberId member(Step step) {
    return MemberId.parse(Parameters.of(step, "member"));
  }

  /// What a plan for the situation begins with: evidence is kept, and what it was made for is seen
  /// again under the lease.
  List<Step> begin() {
    return begin(PlanFrame.confirm(ConfirmSituation.NAME, Gist.of(found, state)));
  }

  /// The same of a plan that brings the whole ring back.
  List<Step> beginWhole() {
    return begin(PlanFrame.confirm(ConfirmSituation.NAME, Gist.ofWholeRing(found, state)));
  }

  private List<Step> begin(StepBuilder confirm) {
    List<String> workloads = new ArrayList<>(List.of(store.workload()));
    workloads.addAll(clients.allWorkloads());
    return List.of(
        PlanFrame.keepEvidence(workloads), confirm.with(WORKLOAD, store.workload()).build());
  }

  /// A step of this datastore.
  StepBuilder step(String id, String action) {
    return Step.named(id).action(action).with(WORKLOAD, store.workload());
  }

  /// The same, of one member.
  StepBuilder step(String verb, MemberId member, String action) {
    return step(verb + "-" + member, action).with("member", member.toString());
  }

  Step fence(MemberId member, List<String> after) {
    return fencing(member, after).build();
  }

  /// The same, to be told more.
  StepBuilder fencing(MemberId member, List<String> after) {
    return MemberSteps.fence(member, "Stop " + member + " and keep it stopped", after.getFirst())
        .with(FenceMember.ALONE, "yes")
        .after(after);
  }

  /// Restarts nodes, all at once, and does not wait for them. Returns the last steps.
  List<String> restart(List<Step> steps, List<MemberId> nodes, String after) {
    List<String> restarted = new ArrayList<>();
    for (MemberId node : nodes) {
      Step restart =
          Step.named("restart-" + node)
              .title("Restart " + node)
              .action(BeginRestart.NAME)
              .with("member", node.toString())
              .after(after)
              .expected(Duration.ofSeconds(10))
              .deadline(Duration.ofMinutes(10))
              .build();
      steps.add(restart);
      restarted.add(restart.id());
    }
    return restarted;
  }

  /// Starts nodes that are stopped, or waits for those that run already.
  StepBuilder start(String id, List<MemberId> nodes, List<String> after) {
    return step(id, StartNodes.NAME)
        .with(StartNodes.MEMBERS, MemberSteps.names(nodes))
        .after(after)
        .expected(STARTS)
        .deadline(COPIES_WITHIN);
  }

  /// The end of the way back: from then on clients write to what was started.
  Step accept(String id, String title, String startedBy) {
    return step(id, AcceptRestored.NAME)
        .title(title)
        .with(AcceptRestored.STARTED_BY, startedBy)
        .kind(StepKind.POINT_OF_NO_RETURN)
        .after(startedBy)
        .expected(Duration.ofSeconds(2))
        .build();
  }

  Step forgetStart(MemberId node, String after) {
    return step("forget-start", node, NodeTask.FORGET)
        .title("Take what was written for this start out of the configuration of " + node)
        .after(after)
        .expected(Duration.ofSeconds(1))
        .build();
  }

  Step repair(MemberId node, List<String> after) {
    return step("repair", node, NodeTask.REPAIR)
        .title("Repair " + node + ": its replicas and the others' are made alike")
        .after(after)
        .expected(forecast.repair())
        .deadline(COPIES_WITHIN)
        .build();
  }

  StepBuilder restore(MemberId node, String point, List<String> after) {
    return step("restore", node, RestoreNode.NAME)
        .title("Restore the own files of " + node + " from the vault")
        .with(RestoreNode.POINT_FROM, point)
        .after(after)
        .expected(forecast.restore())
        .deadline(COPIES_WITHIN);
  }

  StepBuilder choosePoint(String id, List<MemberId> nodes) {
    return step(id, ChooseRestorePoint.NAME)
        .with(ChooseRestorePoint.MEMBERS, MemberSteps.names(nodes))
        .after(PlanFrame.CONFIRM)
        .expected(Duration.ofSeconds(2));
  }

  Step protect(List<MemberId> nodes, List<String> after) {
    return step(PlanFrame.PROTECT, ProtectAgain.NAME)
        .title("Take a fresh backup of " + nodes)
        .with(ProtectAgain.MEMBERS, MemberSteps.names(nodes))
        .after(after)
        .expected(forecast.backup())
        .deadline(COPIES_WITHIN)
        .build();
  }

  Step awaitLog(List<MemberId> nodes, List<String> after) {
    return step("await-log", AwaitLog.NAME)
        .title("Wait until the log of " + nodes + " is in the vault")
        .with(AwaitLog.MEMBERS, MemberSteps.names(nodes))
        .after(after)
        .expected(Duration.ofSeconds(15))
        .deadline(COPIES_WITHIN)
        .build();
  }

  Plan plan(String scenario, String summary, String loss, List<Step> steps) {
    return plan(scenario, summary, loss, stack.objectives().database(), steps);
  }

  Plan plan(String scenario, String summary, String loss, Duration objective, List<Step> steps) {
    return new Plan(
        scenario,
        stack.name(),
        summary,
        loss,
        objective,
        steps.stream().map(s -> PlanFrame.asMeasured(s, forecast.measured())).toList());
  }
}
