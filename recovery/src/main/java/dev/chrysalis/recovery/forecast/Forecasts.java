package dev.chrysalis.recovery.forecast;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.postgres.control.PostgresPlans;
import dev.chrysalis.postgres.control.Situation;
import java.util.ArrayList;
import java.util.List;

/// Costs the plans that a healthy datastore may need one day, so that a recovery which would take
/// too long is known before anything breaks. Pure.
///
/// @param runs how many runs the forecast comes from
public record Forecasts(Stack stack, PostgresPlans.Forecast forecast, int runs) {
  /// The scenarios of a datastore, the longest last.
  ///
  /// @param members at least one; the first of them stands for the primary
  public List<ScenarioForecast> of(Datastore store, List<MemberId> members) {
    MemberId primary = members.getFirst();
    PostgresPlans plans = new PostgresPlans(stack, store, new Situation.AllWell(primary), forecast);
    List<ScenarioForecast> all = new ArrayList<>();
    all.add(ScenarioForecast.of(plans.primaryDown(primary), runs));
    if (members.size() > 1) {
      all.add(ScenarioForecast.of(plans.primaryLost(List.of(primary)), runs));
    }
    all.add(ScenarioForecast.of(plans.storeLost(members), runs));
    return List.copyOf(all);
  }
}
