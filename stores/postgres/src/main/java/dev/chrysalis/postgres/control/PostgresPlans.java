package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepKind;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.DumpPolicy;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.archive.Dump;
import dev.chrysalis.workloads.ClientSteps;
import dev.chrysalis.workloads.MemberSteps;
import dev.chrysalis.workloads.PlanFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which steps bring a PostgreSQL datastore back, scenario by scenario. Pure: what is not known yet
/// (which standby, which position) is left to the steps, which choose and journal it.
///
/// Every plan keeps evidence first, fences before it promotes or restores, brings the clients back
/// before it restores redundancy, and ends with protection running again and the checklist.
public final class PostgresPlans {
  /// How long a server may replay its log.
  private static final Duration STARTS_WITHIN = Duration.ofHours(1);

  private static final String BEGIN = PlanFrame.CONFIRM;
  private static final String CATCH_UP = "catch-up";
  private static final String PROMOTE = "promote";

  private final Datastore store;
  private final ClientSteps clients;
  private final PlanSteps parts;

  /// @param found the situation that the plans are for
  public PostgresPlans(Stack stack, Datastore store, Situation found, Forecast forecast) {
    this(stack, store, found, forecast, Map.of());
  }

  /// @param found the situation that the plans are for
  /// @param before by service, how many members it had while all was well, where that is known
  public PostgresPlans(
      Stack stack,
      Datastore store,
      Situation found,
      Forecast forecast,
      Map<String, Integer> before) {
    this.store = store;
    this.clients = new ClientSteps(stack, store, before);
    this.parts = new PlanSteps(stack, store, found, forecast, clients);
  }

  /// Restarts the primary where its data is.
  public Plan primaryDown(MemberId primary) {
    return primaryDown(primary, List.of());
  }

  /// The same, and then the standbys that are down as well.
  public Plan primaryDown(MemberId primary, List<MemberId> standbys) {
    List<Step> steps = new ArrayList<>(parts.begin());
    String restart = "restart-" + primary;
    steps.add(
        Step.named(restart)
            .title("Restart the primary " + primary)
            .action(RestartServer.NAME)
            .with("member", primary.toString())
            .after(BEGIN)
            .expected(Duration.ofSeconds(10))
            .deadline(STARTS_WITHIN)
            .build());
    steps.add(parts.protect(Map.of("primary", primary.toString()), List.of(restart)));
    standbys.forEach(standby -> restartStandby(steps, standby, restart));
    steps.add(PlanFrame.verify(steps));
    String behind = standbys.isEmpty() ? "" : " Then restart " + standbys + " behind it.";
    return parts.plan(
        "primary-down", "Restart " + primary + ", whose data is there." + behind, "nothing", steps);
  }

  /// Promotes the best standby. The old primary, and who else lost its data, is fenced first and
  /// comes back as a standby once the clients are served.
  public Plan primaryLost(List<MemberId> old) {
    List<Step> steps = new ArrayList<>(parts.begin());
    List<String> salvaged = new ArrayList<>();
    for (MemberId member : old) {
      steps.add(
          MemberSteps.fence(member, "Fence " + member + ", which must not serve any more", BEGIN)
              .build());
      steps.add(PlanSteps.salvage(member, "fence-" + member));
      salvaged.add("salvage-" + member);
    }
    steps.add(
        Step.named(CATCH_UP)
            .title("Choose the most advanced standby and feed it what the vault has more")
            .action(CatchUp.NAME)
            .with("workload", store.workload())
            .with("fenced", MemberSteps.names(old))
            .after(salvaged)
            .expected(Duration.ofSeconds(3))
            .deadline(Duration.ofMinutes(10))
            .build());
    steps.add(
        Step.named(PROMOTE)
            .title("Promote the chosen standby")
            .action(Promote.NAME)
            .with("primary-from", CATCH_UP)
            .kind(StepKind.POINT_OF_NO_RETURN)
            .after(CATCH_UP)
            .expected(Duration.ofSeconds(3))
            .deadline(Duration.ofMinutes(5))
            .build());
    Map<String, String> left = Map.of("primary-from", CATCH_UP, "left-from", CATCH_UP);
    steps.add(PlanSteps.stateLoss("state-loss", left, salvaged, PROMOTE));
    List<Step> pointed = clients.point(Map.of("address-from", CATCH_UP), PROMOTE);
    steps.addAll(pointed);
    List<String> served = PlanSteps.served(pointed, PROMOTE);
    Map<String, String> primary = Map.of("primary-from", CATCH_UP);
    old.forEach(member -> parts.rebuild(steps, member, primary, served));
    steps.add(parts.protect(primary, served));
    steps.add(PlanFrame.verify(steps));
    return parts.plan(
        "primary-lost",
        "Fence " + old + ", promote the most advanced standby, rebuild " + old + " as standbys.",
        "at most what neither the standby nor the vault had received (a few seconds of writes)",
        steps);
  }

  /// Rebuilds standbys from the vault; the primary is not touched.
  ///
  /// @param former those of them that were primaries: what only they committed is kept in the vault
  ///   and stated as lost
  public Plan replicasLost(
      String scenario, MemberId primary, List<MemberId> replicas, List<MemberId> former) {
    List<Step> steps = new ArrayList<>(parts.begin());
    Map<String, String> from = Map.of("primary", primary.toString());
    for (MemberId replica : replicas) {
      String before = "fence-" + replica;
      steps.add(MemberSteps.fence(replica, "Stop " + replica, BEGIN).build());
      if (former.contains(replica)) {
        String salvaged = "salvage-" + replica;
        steps.add(PlanSteps.salvage(replica, before));
        steps.add(PlanSteps.stateLoss("state-loss-" + replica, from, List.of(salvaged), salvaged));
        before = salvaged;
      }
      parts.rebuild(steps, replica, from, List.of(before));
    }
    steps.add(PlanFrame.verify(steps));
    return parts.plan(
        scenario, "Rebuild " + replicas + " as standbys of " + primary + ".", "nothing", steps);
  }

  /// Restarts standbys whose data is there.
  public Plan replicasDown(MemberId primary, List<MemberId> replicas) {
    List<Step> steps = new ArrayList<>(parts.begin());
    for (MemberId replica : replicas) {
      restartStandby(steps, replica, BEGIN);
    }
    steps.add(PlanFrame.verify(steps));
    return parts.plan(
        "replica-down", "Restart " + replicas + " behind " + primary + ".", "nothing", steps);
  }

  private static void restartStandby(List<Step> steps, MemberId standby, String after) {
    steps.add(
        Step.named("restart-" + standby)
            .title("Restart the standby " + standby)
            .action(RestartServer.NAME)
            .with("member", standby.toString())
            .after(after)
            .deadline(STARTS_WITHIN)
            .build());
    steps.add(PlanSteps.join(standby, "restart-" + standby));
  }

  /// Restores the newest moment that the vault holds into fresh storage, then rebuilds the
  /// standbys.
  public Plan storeLost(List<MemberId> members) {
    return storeLost(members, RestoreGround.FRESH);
  }

  /// The same upon the ground that is named.
  public Plan storeLost(List<MemberId> members, RestoreGround ground) {
    return new RestorePlans(parts, ground).storeLost(members);
  }

  /// Restores a dump that was taken before Chrysalis came into a fresh cluster, then rebuilds the
  /// standbys.
  public Plan storeLostWithDump(List<MemberId> members, DumpPolicy policy, Dump dump) {
    return new DumpPlans(parts).storeLost(members, policy, dump);
  }

  /// Brings the database back to a moment, into fresh storage, then rebuilds the standbys.
  ///
  /// @param primary who takes writes now; empty where nobody does
  public Plan dataCorrupted(List<MemberId> members, Optional<MemberId> primary, Target target) {
    return dataCorrupted(members, primary, target, RestoreGround.FRESH);
  }

  /// The same upon the ground that is named.
  public Plan dataCorrupted(
      List<MemberId> members, Optional<MemberId> primary, Target target, RestoreGround ground) {
    return new RestorePlans(parts, ground).dataCorrupted(members, primary, target);
  }

  /// A moment to go back to, resolved when the plan was made.
  ///
  /// @param discarded what is left out, as far as the vault had it then
  public record Target(
      RestoreGoal goal,
      Optional<Integer> timeline,
      WalInVault.Chosen chosen,
      WalInVault.Discarded discarded) {}

  /// What the plan's numbers are based on.
  ///
  /// @param recoveryPointAge in words: `3 s now`
  /// @param measured by an action's name: how long it took in runs so far, or at their speed would
  ///   take for the data that there is now
  public record Forecast(
      Duration restore,
      Duration replay,
      Duration backup,
      String recoveryPointAge,
      Map<String, Duration> measured) {
    public Forecast {
      measured = Map.copyOf(measured);
    }
  }
}
