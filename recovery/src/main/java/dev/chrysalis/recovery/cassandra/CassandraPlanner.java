package dev.chrysalis.recovery.cassandra;

import dev.chrysalis.cassandra.control.CassandraPlans;
import dev.chrysalis.cassandra.control.Situation;
import dev.chrysalis.engine.Plan;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.recovery.Refusals;
import dev.chrysalis.recovery.Scenarios;
import dev.chrysalis.recovery.store.StorePlanner;
import dev.chrysalis.recovery.store.StoreRequest;
import dev.chrysalis.recovery.store.StoreSituation;
import java.util.Optional;

/// Chooses among the plans of a Cassandra ring. Pure.
///
/// @param target the moment to go back to; belongs to `data-corrupted`
record CassandraPlanner(
    Stack stack,
    Datastore datastore,
    CassandraPlans.Forecast forecast,
    Optional<CassandraPlans.Target> target)
    implements StorePlanner {
  @Override
  public Plan plan(StoreSituation found, StoreRequest request) {
    CassandraStoreState state = (CassandraStoreState) found.state();
    Situation situation = state.situation();
    CassandraPlans plans =
        new CassandraPlans(stack, datastore, situation, state.ring(), forecast, request.before());
    if (target.isPresent()) {
      refuseWhereUnclear(situation);
      return plans.dataCorrupted(target.get());
    }
    if (request.scenario().equals(Scenarios.STORE_LOST)) {
      return plans.storeLost();
    }
    refuseWhereUnclear(situation);
    if (!request.scenario().equals(situation.scenario())) {
      throw Refusals.doesNotFit(request.scenario(), situation.scenario());
    }
    return plans.plan().orElseThrow(() -> Refusals.byAPerson(whatToDo(situation)));
  }

  private static String whatToDo(Situation situation) {
    return switch (situation) {
      case Situation.DiskFull s -> s.nodes() + " have next to no room: make some on their disks";
      case Situation.NodeJoining s -> s.nodes() + " are joining the ring: wait until they have";
      case Situation.SchemaSplit _ ->
          "the nodes have different schemas and none has most: decide which is right";
      case Situation.AllWell _ -> "nothing is found wrong";
      case Situation.NodeDown _,
          Situation.NodeLost _,
          Situation.QuorumLost _,
          Situation.NodeCutOff _,
          Situation.TablesDamaged _,
          Situation.NodeUnrepaired _,
          Situation.StoreLost _,
          Situation.Unclear _ ->
          situation.toString();
    };
  }

  private static void refuseWhereUnclear(Situation situation) {
    if (situation instanceof Situation.Unclear s) {
      throw Refusals.unclear(s.why());
    }
  }
}
