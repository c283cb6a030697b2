package dev.chrysalis.recovery.postgres;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.control.PostgresPlans;
import dev.chrysalis.postgres.control.Situation;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.recovery.aftermath.Runbook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The plans that a healthy datastore may need one day. Pure: the same stack and members give the
/// same plans, whatever the vault holds and whatever runs have shown.
///
/// @param members at least one; the first of them stands for the primary
record PostgresRunbooks(Stack stack, Datastore store, List<MemberId> members) {
  private static final PostgresPlans.Forecast UNMEASURED =
      new PostgresPlans.Forecast(
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          "its age: chrysalis status",
          Map.of());

  PostgresRunbooks {
    members = members.stream().sorted().toList();
    if (members.isEmpty()) {
      throw new IllegalArgumentException(store.name() + " has no members");
    }
  }

  /// The plans, the mildest first.
  List<Plan> all() {
    MemberId primary = members.getFirst();
    List<MemberId> standbys = members.subList(1, members.size());
    PostgresPlans plans = plans();
    List<Plan> all = new ArrayList<>();
    if (!standbys.isEmpty()) {
      all.add(plans.replicasDown(primary, standbys));
      all.add(plans.replicasLost("replica-lost", primary, standbys, List.of()));
      all.add(plans.replicasLost("replication-broken", primary, standbys, List.of()));
    }
    all.add(plans.primaryDown(primary));
    if (!standbys.isEmpty()) {
      all.add(plans.primaryLost(List.of(primary)));
    }
    all.add(plans.storeLost(members));
    all.add(corrupted(plans, primary));
    return List.copyOf(all);
  }

  /// The plan for when all members are down with their data there.
  Plan allDown() {
    return plans().primaryDown(members.getFirst(), members.subList(1, members.size()));
  }

  private PostgresPlans plans() {
    return new PostgresPlans(stack, store, new Situation.AllWell(members.getFirst()), UNMEASURED);
  }

  /// The moment to go back to is known on the day only.
  private Plan corrupted(PostgresPlans plans, MemberId primary) {
    RestoreGoal goal = new RestoreGoal.AtName(Runbook.TARGET);
    WalInVault.Chosen chosen =
        new WalInVault.Chosen("", "", 0, 1, new Lsn(0), Optional.empty(), Optional.empty(), 0, 0);
    WalInVault.Discarded discarded =
        new WalInVault.Discarded(0, Optional.empty(), Optional.empty(), 0, 1, new Lsn(0));
    Plan plan =
        plans.dataCorrupted(
            members,
            Optional.of(primary),
            new PostgresPlans.Target(goal, Optional.empty(), chosen, discarded));
    return new Plan(
        plan.scenario(),
        plan.stack(),
        "Bring %s back to the moment %s, into fresh storage of %s."
            .formatted(store.name(), Runbook.TARGET, primary),
        "all that was written after that moment; the plan counts it",
        plan.objective(),
        plan.steps());
  }
}
