package dev.chrysalis.recovery;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.postgres.control.MemberView;
import dev.chrysalis.postgres.control.PostgresPlans;
import dev.chrysalis.postgres.control.Situation;
import dev.chrysalis.recovery.Assessment.StoreSituation;
import java.util.List;
import java.util.Optional;

/// Turns an assessment into a plan: for the scenario that was found, or for one that a person asks
/// for and that fits what was found. Pure.
public final class Planner {
  /// The scenarios for which a plan can be asked.
  public static final List<String> SCENARIOS =
      List.of(
          "primary-down",
          "primary-lost",
          "replica-down",
          "replica-lost",
          "replication-broken",
          "store-lost");

  private final Stack stack;
  private final PostgresPlans.Forecast forecast;

  public Planner(Stack stack, PostgresPlans.Forecast forecast) {
    this.stack = stack;
    this.forecast = forecast;
  }

  /// The plan for the deepest trouble that was found, or for `asked`.
  public Plan plan(Assessment found, Optional<String> asked) {
    asked.filter(s -> !SCENARIOS.contains(s)).ifPresent(Planner::refuseUnknown);
    if (found.allWell() && asked.filter("store-lost"::equals).isEmpty()) {
      throw new ChrysalisException(
          RecoveryErrors.NOTHING_TO_RECOVER,
          "nothing of " + stack.name() + " needs recovery",
          "see what was looked at: chrysalis assess");
    }
    StoreSituation store = found.stores().getFirst();
    Datastore datastore = stack.datastores().get(store.datastore());
    if (datastore == null) {
      throw new IllegalArgumentException("no datastore " + store.datastore());
    }
    PostgresPlans plans = new PostgresPlans(stack, datastore, store.situation(), forecast);
    String scenario = asked.orElse(store.situation().scenario());
    return scenario.equals("store-lost")
        ? plans.storeLost(store.members().stream().map(MemberView::id).toList())
        : fitting(plans, scenario, store.situation());
  }

  private static Plan fitting(PostgresPlans plans, String scenario, Situation situation) {
    return switch (situation) {
      case Situation.PrimaryDown s when scenario.equals("primary-lost") ->
          plans.primaryLost(List.of(s.primary()));
      case Situation.PrimaryDown s when scenario.equals("primary-down") ->
          plans.primaryDown(s.primary());
      case Situation.PrimaryLost s when scenario.equals("primary-lost") ->
          plans.primaryLost(s.lost());
      case Situation.ReplicaDown s when scenario.equals("replica-down") ->
          plans.replicasDown(s.primary(), s.replicas());
      case Situation.ReplicaDown s when scenario.equals("replica-lost") ->
          plans.replicasLost(scenario, s.primary(), s.replicas());
      case Situation.ReplicaLost s when scenario.equals("replica-lost") ->
          plans.replicasLost(scenario, s.primary(), s.replicas(), s.formerPrimaries());
      case Situation.ReplicationBroken s when isRebuild(scenario) ->
          plans.replicasLost(scenario, s.primary(), s.replicas());
      case Situation.SplitBrain s -> throw splitBrain(s.primaries());
      case Situation.Unclear s -> throw needsAPerson("too little is known to act on: " + s.why());
      case Situation.AllWell _,
          Situation.PrimaryDown _,
          Situation.PrimaryLost _,
          Situation.ReplicaDown _,
          Situation.ReplicaLost _,
          Situation.ReplicationBroken _,
          Situation.StoreLost _ ->
          throw doesNotFit(scenario, situation.scenario());
    };
  }

  private static boolean isRebuild(String scenario) {
    return scenario.equals("replication-broken") || scenario.equals("replica-lost");
  }

  private static void refuseUnknown(String asked) {
    throw new ChrysalisException(
        RecoveryErrors.NO_SUCH_SCENARIO,
        "there is no scenario '" + asked + "'",
        "the scenarios are: " + String.join(", ", SCENARIOS));
  }

  private static ChrysalisException splitBrain(List<MemberId> primaries) {
    return needsAPerson("more than one member takes writes: " + primaries);
  }

  private static ChrysalisException needsAPerson(String what) {
    return new ChrysalisException(
        RecoveryErrors.NEEDS_A_PERSON,
        what,
        "no plan is made without a person's word; look at chrysalis assess -o json");
  }

  private static ChrysalisException doesNotFit(String asked, String found) {
    return new ChrysalisException(
        RecoveryErrors.SCENARIO_DOES_NOT_FIT,
        "the scenario " + asked + " does not fit what was found: " + found,
        "let it be found: chrysalis recover");
  }
}
