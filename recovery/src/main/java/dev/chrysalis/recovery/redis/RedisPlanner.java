package dev.chrysalis.recovery.redis;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.recovery.Refusals;
import dev.chrysalis.recovery.Scenarios;
import dev.chrysalis.recovery.store.StorePlanner;
import dev.chrysalis.recovery.store.StoreRequest;
import dev.chrysalis.recovery.store.StoreSituation;
import dev.chrysalis.redis.control.RedisPlans;
import dev.chrysalis.redis.control.Situation;
import java.util.Optional;

/// Chooses among the plans of a Redis datastore. Pure.
///
/// @param target the moment to go back to; belongs to `data-corrupted`
record RedisPlanner(
    Stack stack,
    Datastore datastore,
    RedisPlans.Forecast forecast,
    Optional<RedisPlans.Target> target)
    implements StorePlanner {
  @Override
  public Plan plan(StoreSituation found, StoreRequest request) {
    RedisStoreState state = (RedisStoreState) found.state();
    Situation situation = state.situation();
    RedisPlans plans =
        new RedisPlans(stack, datastore, situation, state.state(), forecast, request.before());
    if (target.isPresent()) {
      refuseWhereUnclear(situation);
      return plans.dataCorrupted(state.members(), state.takesWrites(), target.get());
    }
    if (request.scenario().equals(Scenarios.STORE_LOST)) {
      return plans.storeLost(state.members());
    }
    refuseWhereUnclear(situation);
    if (!request.scenario().equals(situation.scenario())) {
      throw Refusals.doesNotFit(request.scenario(), situation.scenario());
    }
    return plans.plan().orElseThrow(() -> Refusals.byAPerson(situation.toString()));
  }

  private static void refuseWhereUnclear(Situation situation) {
    if (situation instanceof Situation.SplitBrain s) {
      throw Refusals.splitBrain(s.masters());
    }
    if (situation instanceof Situation.Unclear s) {
      throw Refusals.unclear(s.why());
    }
  }
}
