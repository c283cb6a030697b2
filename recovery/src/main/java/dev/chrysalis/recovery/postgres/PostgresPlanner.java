package dev.chrysalis.recovery.postgres;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.DumpPolicy;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.postgres.archive.Dump;
import dev.chrysalis.postgres.control.MemberView;
import dev.chrysalis.postgres.control.PostgresPlans;
import dev.chrysalis.postgres.control.RestoreGround;
import dev.chrysalis.postgres.control.Situation;
import dev.chrysalis.recovery.Refusals;
import dev.chrysalis.recovery.Scenarios;
import dev.chrysalis.recovery.store.StorePlanner;
import dev.chrysalis.recovery.store.StoreRequest;
import dev.chrysalis.recovery.store.StoreSituation;
import java.util.List;
import java.util.Optional;

/// Chooses among the plans of a PostgreSQL datastore. Pure.
///
/// @param target the moment to go back to; belongs to `data-corrupted`
/// @param ground upon what the first member is restored
public record PostgresPlanner(
    Stack stack,
    Datastore datastore,
    PostgresPlans.Forecast forecast,
    Optional<PostgresPlans.Target> target,
    RestoreGround ground)
    implements StorePlanner {
  @Override
  public Plan plan(StoreSituation found, StoreRequest request) {
    PostgresState state = (PostgresState) found.state();
    PostgresPlans plans = plans(state, request);
    if (target.isPresent()) {
      return plans.dataCorrupted(state.members(), primary(state), target.get(), ground);
    }
    return request.scenario().equals(Scenarios.STORE_LOST)
        ? plans.storeLost(state.members(), ground)
        : fitting(plans, request.scenario(), state);
  }

  /// The plan that brings a lost store back from a dump.
  Plan withDump(StoreSituation found, StoreRequest request, DumpPolicy policy, Dump dump) {
    PostgresState state = (PostgresState) found.state();
    return plans(state, request).storeLostWithDump(state.members(), policy, dump);
  }

  private PostgresPlans plans(PostgresState state, StoreRequest request) {
    return new PostgresPlans(stack, datastore, state.situation(), forecast, request.before());
  }

  /// Who takes writes and can be asked how far they went; refused where that is not clear.
  private static Optional<MemberId> primary(PostgresState state) {
    if (state.situation() instanceof Situation.SplitBrain s) {
      throw Refusals.splitBrain(s.primaries());
    }
    if (state.situation() instanceof Situation.Unclear s) {
      throw Refusals.unclear(s.why());
    }
    return state.takesWrites();
  }

  private static Plan fitting(PostgresPlans plans, String scenario, PostgresState state) {
    Situation situation = state.situation();
    return switch (situation) {
      case Situation.PrimaryDown s when scenario.equals("primary-lost") ->
          plans.primaryLost(List.of(s.primary()));
      case Situation.PrimaryDown s when scenario.equals("primary-down") ->
          plans.primaryDown(s.primary(), standbysDown(state));
      case Situation.PrimaryLost s when scenario.equals("primary-lost") ->
          plans.primaryLost(s.lost());
      case Situation.ReplicaDown s when scenario.equals("replica-down") ->
          plans.replicasDown(s.primary(), s.replicas());
      case Situation.ReplicaDown s when scenario.equals("replica-lost") ->
          plans.replicasLost(scenario, s.primary(), s.replicas(), List.of());
      case Situation.ReplicaLost s when scenario.equals("replica-lost") ->
          plans.replicasLost(scenario, s.primary(), s.replicas(), s.formerPrimaries());
      case Situation.ReplicationBroken s when isRebuild(scenario) ->
          plans.replicasLost(scenario, s.primary(), s.replicas(), List.of());
      case Situation.SplitBrain s -> throw Refusals.splitBrain(s.primaries());
      case Situation.Unclear s -> throw Refusals.unclear(s.why());
      case Situation.AllWell _,
          Situation.PrimaryDown _,
          Situation.PrimaryLost _,
          Situation.ReplicaDown _,
          Situation.ReplicaLost _,
          Situation.ReplicationBroken _,
          Situation.StoreLost _ ->
          throw Refusals.doesNotFit(scenario, situation.scenario());
    };
  }

  private static List<MemberId> standbysDown(PostgresState state) {
    return state.views().stream()
        .filter(v -> v.condition() == MemberView.Condition.DOWN_INTACT && v.standbyData())
        .map(MemberView::id)
        .toList();
  }

  private static boolean isRebuild(String scenario) {
    return scenario.equals("replication-broken") || scenario.equals("replica-lost");
  }
}
