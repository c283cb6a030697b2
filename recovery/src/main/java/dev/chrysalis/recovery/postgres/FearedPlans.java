package dev.chrysalis.recovery.postgres;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.postgres.control.PostgresPlans;
import dev.chrysalis.postgres.control.Situation;
import java.util.ArrayList;
import java.util.List;

/// The plans that a healthy datastore may need one day, so that a recovery which would take too
/// long is known before anything breaks. Pure.
public record FearedPlans(Stack stack, Datastore store, PostgresPlans.Forecast forecast) {
  /// The longest last.
  ///
  /// @param members at least one; the first of them stands for the primary
  public List<Plan> of(List<MemberId> members) {
    MemberId primary = members.getFirst();
    PostgresPlans plans = new PostgresPlans(stack, store, new Situation.AllWell(primary), forecast);
    List<Plan> all = new ArrayList<>(List.of(plans.primaryDown(primary)));
    if (members.size() > 1) {
      all.add(plans.primaryLost(List.of(primary)));
    }
    all.add(plans.storeLost(members));
    return List.copyOf(all);
  }
}
