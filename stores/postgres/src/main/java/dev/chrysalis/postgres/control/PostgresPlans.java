package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepBuilder;
import dev.chrysalis.engine.StepKind;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.workloads.ClientSteps;
import dev.chrysalis.workloads.FenceMember;
import dev.chrysalis.workloads.KeepEvidence;
import dev.chrysalis.workloads.RestartMember;
import dev.chrysalis.workloads.SetVolumeAside;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Which steps bring a PostgreSQL datastore back, scenario by scenario. Pure: what is not known yet
/// (which standby, which position) is left to the steps, which choose and journal it.
///
/// Every plan keeps evidence first, fences before it promotes or restores, brings the clients back
/// before it restores redundancy, and ends with protection running again and the checklist.
public final class PostgresPlans {
  private static final String EVIDENCE = "keep-evidence";
  private static final String BEGIN = "confirm";
  private static final String CATCH_UP = "catch-up";
  private static final String PROMOTE = "promote";
  private static final String POINT = "choose-restore-point";
  private static final String END_RECOVERY = "end-recovery";
  private static final String STATE_LOSS = "state-loss";
  private static final String PROTECT = "protect";
  private static final String RESTORE_GROUP = "restore";

  private final Situation found;
  private final Stack stack;
  private final Datastore store;
  private final Forecast forecast;
  private final ClientSteps clients;

  /// @param found the situation that the plans are for
  public PostgresPlans(Stack stack, Datastore store, Situation found, Forecast forecast) {
    this.found = found;
    this.stack = stack;
    this.store = store;
    this.forecast = forecast;
    this.clients = new ClientSteps(stack, store);
  }

  /// Restarts the primary where its data is.
  public Plan primaryDown(MemberId primary) {
    List<Step> steps = new ArrayList<>(begin());
    String restart = "restart-" + primary;
    steps.add(
        Step.named(restart)
            .title("Restart the primary " + primary)
            .action(RestartMember.NAME)
            .with("member", primary.toString())
            .after(BEGIN)
            .expected(Duration.ofSeconds(10))
            .deadline(Duration.ofMinutes(10))
            .build());
    steps.add(protect(Map.of("primary", primary.toString()), List.of(restart)));
    steps.add(verify(steps));
    return plan("primary-down", "Restart " + primary + ", whose data is there.", "nothing", steps);
  }

  /// Promotes the best standby. The old primary, and who else lost its data, is fenced first and
  /// comes back as a standby once the clients are served.
  public Plan primaryLost(List<MemberId> old) {
    List<Step> steps = new ArrayList<>(begin());
    List<String> salvaged = new ArrayList<>();
    for (MemberId member : old) {
      steps.add(
          fence(member, "Fence " + member + ", which must not serve any more", BEGIN).build());
      steps.add(salvage(member, "fence-" + member));
      salvaged.add("salvage-" + member);
    }
    steps.add(
        Step.named(CATCH_UP)
            .title("Choose the most advanced standby and feed it what the vault has more")
            .action(CatchUp.NAME)
            .with("workload", store.workload())
            .with("fenced", names(old))
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
    steps.add(
        stateLoss(
            STATE_LOSS,
            Map.of("primary-from", CATCH_UP, "left-from", CATCH_UP),
            salvaged,
            PROMOTE));
    List<Step> pointed = clients.point(Map.of("address-from", CATCH_UP), PROMOTE);
    steps.addAll(pointed);
    List<String> served = served(pointed, PROMOTE);
    Map<String, String> primary = Map.of("primary-from", CATCH_UP);
    old.forEach(member -> rebuild(steps, member, primary, served));
    steps.add(protect(primary, served));
    steps.add(verify(steps));
    return plan(
        "primary-lost",
        "Fence " + old + ", promote the most advanced standby, rebuild " + old + " as standbys.",
        "at most what neither the standby nor the vault had received (a few seconds of writes)",
        steps);
  }

  /// Rebuilds standbys from the vault; the primary is not touched.
  public Plan replicasLost(String scenario, MemberId primary, List<MemberId> replicas) {
    return replicasLost(scenario, primary, replicas, List.of());
  }

  /// Rebuilds standbys from the vault; the primary is not touched.
  ///
  /// @param former those of them that were primaries: what only they committed is kept in the vault
  ///   and stated as lost
  public Plan replicasLost(
      String scenario, MemberId primary, List<MemberId> replicas, List<MemberId> former) {
    List<Step> steps = new ArrayList<>(begin());
    Map<String, String> from = Map.of("primary", primary.toString());
    for (MemberId replica : replicas) {
      String stopped = "fence-" + replica;
      steps.add(fence(replica, "Stop " + replica, BEGIN).build());
      if (former.contains(replica)) {
        String salvaged = "salvage-" + replica;
        steps.add(salvage(replica, stopped));
        steps.add(stateLoss(STATE_LOSS + "-" + replica, from, List.of(salvaged), salvaged));
        stopped = salvaged;
      }
      rebuild(steps, replica, from, List.of(stopped));
    }
    steps.add(verify(steps));
    return plan(
        scenario, "Rebuild " + replicas + " as standbys of " + primary + ".", "nothing", steps);
  }

  /// Restarts standbys whose data is there.
  public Plan replicasDown(MemberId primary, List<MemberId> replicas) {
    List<Step> steps = new ArrayList<>(begin());
    for (MemberId replica : replicas) {
      steps.add(
          Step.named("restart-" + replica)
              .title("Restart the standby " + replica)
              .action(RestartMember.NAME)
              .with("member", replica.toString())
              .after(BEGIN)
              .deadline(Duration.ofMinutes(10))
              .build());
      steps.add(join(replica, "restart-" + replica));
    }
    steps.add(verify(steps));
    return plan(
        "replica-down", "Restart " + replicas + " behind " + primary + ".", "nothing", steps);
  }

  /// Restores the newest moment that the vault holds into fresh storage, then rebuilds the
  /// standbys.
  public Plan storeLost(List<MemberId> members) {
    MemberId first = members.getFirst();
    List<Step> steps = new ArrayList<>(begin());
    members.forEach(member -> steps.add(salvage(member, BEGIN)));
    List<String> salvaged = members.stream().map(m -> "salvage-" + m).toList();
    steps.add(
        Step.named(POINT)
            .title("Choose the newest restore point and check that it is complete")
            .action(ChooseRestorePoint.NAME)
            .with("member", first.toString())
            .after(salvaged)
            .expected(Duration.ofSeconds(2))
            .build());
    List<Step> stopped = clients.stop(POINT, RESTORE_GROUP);
    steps.addAll(stopped);
    List<String> fenced = new ArrayList<>(stopped.stream().map(Step::id).toList());
    for (MemberId member : members) {
      steps.add(
          fence(member, "Stop " + member + " and keep it stopped", POINT)
              .undoGroup(RESTORE_GROUP)
              .build());
      fenced.add("fence-" + member);
    }
    restorePrimary(steps, first, fenced);
    List<Step> started = clients.start(first, END_RECOVERY);
    steps.addAll(started);
    List<String> served = served(started, END_RECOVERY);
    Map<String, String> primary = Map.of("primary", first.toString());
    steps.add(
        stateLoss(
            STATE_LOSS,
            Map.of("primary", first.toString(), "left-from", POINT),
            salvaged,
            END_RECOVERY));
    for (MemberId member : members.subList(1, members.size())) {
      rebuild(steps, member, primary, served);
    }
    steps.add(protect(primary, served));
    steps.add(verify(steps));
    return plan(
        "store-lost",
        "Restore " + store.name() + " from the vault into fresh storage of " + first + ".",
        "what was written after the newest WAL in the vault (" + forecast.recoveryPointAge() + ")",
        steps);
  }

  private void restorePrimary(List<Step> steps, MemberId member, List<String> after) {
    String aside = "set-aside-" + member;
    String restore = "restore-" + member;
    String recover = "recover-" + member;
    steps.add(setAside(member, after).destructive().undoGroup(RESTORE_GROUP).build());
    steps.add(
        restore(member, "Restore " + member + " from the vault", Map.of("point-from", POINT), aside)
            .undoGroup(RESTORE_GROUP)
            .build());
    steps.add(
        Step.named(recover)
            .title("Start " + member + " and replay to the restore point")
            .action(RecoverToTarget.NAME)
            .with("member", member.toString())
            .with("point-from", POINT)
            .after(restore)
            .expected(forecast.replay())
            .deadline(Duration.ofHours(3))
            .undoGroup(RESTORE_GROUP)
            .build());
    steps.add(
        Step.named(END_RECOVERY)
            .title("End the recovery of " + member + ": it takes writes")
            .action(EndRecovery.NAME)
            .with("member", member.toString())
            .with("point-from", POINT)
            .kind(StepKind.POINT_OF_NO_RETURN)
            .after(recover)
            .expected(Duration.ofSeconds(3))
            .build());
  }

  private void rebuild(
      List<Step> steps, MemberId member, Map<String, String> primary, List<String> after) {
    String aside = "set-aside-" + member;
    String restore = "restore-" + member;
    if (steps.stream().noneMatch(s -> s.id().equals("fence-" + member))) {
      throw new IllegalArgumentException(member + " is rebuilt without being fenced");
    }
    List<String> before = new ArrayList<>(after);
    before.add("fence-" + member);
    steps.add(setAside(member, before).build());
    steps.add(
        restore(member, "Restore " + member + " as a standby from the vault", primary, aside)
            .build());
    steps.add(join(member, restore));
  }

  private static Step salvage(MemberId member, String after) {
    return Step.named("salvage-" + member)
        .title("Bring the WAL that " + member + " never shipped to the vault")
        .action(SalvageWal.NAME)
        .with("member", member.toString())
        .after(after)
        .expected(Duration.ofSeconds(2))
        .deadline(Duration.ofMinutes(30))
        .build();
  }

  private static Step stateLoss(
      String id, Map<String, String> what, List<String> salvaged, String after) {
    return Step.named(id)
        .title("State which commits are lost")
        .action(StateLoss.NAME)
        .with(what)
        .with("salvaged", String.join(",", salvaged))
        .after(after)
        .expected(Duration.ofSeconds(2))
        .deadline(Duration.ofMinutes(10))
        .build();
  }

  private static Step join(MemberId member, String after) {
    return Step.named("join-" + member)
        .title("Start " + member + " and wait until it streams from the primary")
        .action(JoinReplica.NAME)
        .with("member", member.toString())
        .after(after)
        .expected(Duration.ofSeconds(5))
        .deadline(Duration.ofHours(3))
        .build();
  }

  private StepBuilder restore(
      MemberId member, String title, Map<String, String> what, String after) {
    return Step.named("restore-" + member)
        .title(title)
        .action(RestoreMember.NAME)
        .with("member", member.toString())
        .with(what)
        .after(after)
        .expected(forecast.restore())
        .deadline(Duration.ofHours(12));
  }

  private static StepBuilder setAside(MemberId member, List<String> after) {
    return Step.named("set-aside-" + member)
        .title("Set what is left of " + member + "'s volume aside")
        .action(SetVolumeAside.NAME)
        .with("member", member.toString())
        .after(after)
        .expected(Duration.ofSeconds(1));
  }

  /// The last of these steps that bring the clients back, or where there are none, what comes
  /// before.
  private static List<String> served(List<Step> clients, String before) {
    return clients.isEmpty() ? List.of(before) : ends(clients);
  }

  private static StepBuilder fence(MemberId member, String title, String after) {
    return Step.named("fence-" + member)
        .title(title)
        .action(FenceMember.NAME)
        .with("member", member.toString())
        .after(after)
        .expected(Duration.ofSeconds(2))
        .deadline(Duration.ofMinutes(2));
  }

  /// What every plan begins with: evidence is kept, and what the plan was made for is seen again
  /// under the lease.
  private List<Step> begin() {
    List<String> workloads = new ArrayList<>(List.of(store.workload()));
    workloads.addAll(clients.workloads());
    Step evidence =
        Step.named(EVIDENCE)
            .title("Keep state, events and last logs as evidence")
            .action(KeepEvidence.NAME)
            .with("workloads", String.join(",", workloads))
            .expected(Duration.ofSeconds(1))
            .deadline(Duration.ofMinutes(1))
            .build();
    Step confirm =
        Step.named(BEGIN)
            .title("Look again whether the plan fits what is there")
            .action(ConfirmSituation.NAME)
            .with("workload", store.workload())
            .with("situation", found.toString())
            .after(EVIDENCE)
            .expected(Duration.ofSeconds(2))
            .deadline(Duration.ofMinutes(1))
            .build();
    return List.of(evidence, confirm);
  }

  private Step protect(Map<String, String> primary, List<String> after) {
    return Step.named(PROTECT)
        .title("Take a fresh backup of the primary, log shipping running")
        .action(ProtectAgain.NAME)
        .with(primary)
        .after(after)
        .expected(forecast.backup())
        .deadline(Duration.ofHours(12))
        .build();
  }

  private static Step verify(List<Step> steps) {
    return Step.named("verify")
        .title("Go through the checklist")
        .action("checklist.verify")
        .after(ends(steps))
        .expected(Duration.ofSeconds(3))
        .deadline(Duration.ofMinutes(5))
        .build();
  }

  /// The steps that no other waits for; all others come before these.
  private static List<String> ends(List<Step> steps) {
    return steps.stream()
        .map(Step::id)
        .filter(id -> steps.stream().noneMatch(s -> s.after().contains(id)))
        .toList();
  }

  private static String names(List<MemberId> members) {
    return members.stream().map(MemberId::toString).collect(Collectors.joining(","));
  }

  private Plan plan(String scenario, String summary, String loss, List<Step> steps) {
    return new Plan(scenario, stack.name(), summary, loss, stack.objectives().database(), steps);
  }

  /// What the plan's numbers are based on.
  ///
  /// @param recoveryPointAge in words: `3 s now`
  public record Forecast(
      Duration restore, Duration replay, Duration backup, String recoveryPointAge) {}
}
