package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepBuilder;
import dev.chrysalis.engine.StepKind;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.workloads.ClientSteps;
import dev.chrysalis.workloads.MemberSteps;
import dev.chrysalis.workloads.PlanFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Plans that put another state of the whole database in the place of the one that is there. Pure.
///
/// 1. The restore point is chosen and checked before anything is touched; where the store is lost,
///    after what is left of the members' own WAL was brought to the vault.
/// 2. Clients are stopped, then every member is fenced. Where a primary still takes writes, the
///    vault has all its WAL before it is fenced.
/// 3. The first member is restored into fresh storage and stands still at its target. Up to here a
///    failure gives everything back; in place, up to the start of its server (`InPlaceSteps`).
/// 4. Recovery is ended: the point of no return. Clients return, standbys are rebuilt.
record RestorePlans(PlanSteps parts, RestoreGround ground) {
  private static final String POINT = "choose-restore-point";
  private static final String AWAIT_WAL = "await-wal";
  private static final String VERIFY_TARGET = "verify-target";
  private static final String END_RECOVERY = "end-recovery";
  private static final String GROUP = "restore";
  private static final String IN_PLACE = ChooseRestorePoint.IN_PLACE;

  Plan storeLost(List<MemberId> members) {
    List<Step> steps = new ArrayList<>(parts.beginWhole(members));
    members.forEach(member -> steps.add(PlanSteps.salvage(member, PlanFrame.CONFIRM)));
    List<String> salvaged = members.stream().map(m -> "salvage-" + m).toList();
    String first = members.getFirst().toString();
    steps.add(
        choosePoint(
            "Choose the newest restore point and check that it is complete",
            ground.inPlace() ? Map.of("member", first, IN_PLACE, "yes") : Map.of("member", first),
            salvaged));
    List<String> stopped = stopClients(steps);
    String recovered = restoreFirst(steps, members, POINT, stopped, Map.of("point-from", POINT));
    endRecovery(steps, members.getFirst(), "it takes writes", recovered);
    Map<String, String> left = Map.of("primary", first, "left-from", POINT);
    List<String> read = new ArrayList<>(salvaged);
    if (ground.inPlace()) {
      read.add(InPlaceSteps.keepWal(members.getFirst()));
    }
    steps.add(PlanSteps.stateLoss("state-loss", left, read, END_RECOVERY));
    serve(steps, members);
    return parts.plan(
        "store-lost",
        "Restore %s from the vault %s.".formatted(parts.store().name(), where(members.getFirst())),
        "what was written after the newest WAL in the vault (%s)"
            .formatted(parts.forecast().recoveryPointAge()),
        steps);
  }

  Plan dataCorrupted(
      List<MemberId> members, Optional<MemberId> primary, PostgresPlans.Target target) {
    MemberId first = members.getFirst();
    List<Step> steps = new ArrayList<>(parts.beginWhole(members));
    Map<String, String> goal =
        target
            .timeline()
            .map(t -> Map.of("target", target.goal().toString(), "timeline", t.toString()))
            .orElseGet(() -> Map.of("target", target.goal().toString()));
    String to = target.goal() + target.timeline().map(t -> " --timeline " + t).orElse("");
    Map<String, String> point = Map.of("point-from", POINT, "to", to);
    steps.add(
        Step.named(POINT)
            .title("Choose the restore point for " + target.goal() + " and check it")
            .action(ChooseRestorePoint.NAME)
            .with("member", first.toString())
            .with(goal)
            .with(ground.inPlace() ? Map.of(IN_PLACE, "yes") : Map.of())
            .after(PlanFrame.CONFIRM)
            .expected(Duration.ofSeconds(2))
            .deadline(Duration.ofHours(2))
            .build());
    List<String> stopped = stopClients(steps);
    primary.ifPresent(p -> steps.add(awaitWal(p, stopped)));
    List<String> before = primary.isPresent() ? List.of(AWAIT_WAL) : stopped;
    String recovered =
        restoreFirst(steps, members, before.isEmpty() ? POINT : before.getFirst(), before, point);
    steps.add(verifyTarget(first, primary.isPresent(), recovered));
    String without = "it takes writes, without what came after " + target.goal();
    endRecovery(steps, first, without, VERIFY_TARGET);
    serve(steps, members);
    return corruptionPlan(first, target, steps);
  }

  private Plan corruptionPlan(MemberId first, PostgresPlans.Target target, List<Step> steps) {
    WalInVault.Chosen chosen = target.chosen();
    return new Plan(
        "data-corrupted",
        parts.stack().name(),
        "Bring %s back to %s (%s, record %s of timeline %d) %s."
            .formatted(
                parts.store().name(),
                target.goal(),
                chosen.commit().map(at -> "last commit " + at).orElse("no commit near"),
                chosen.target(),
                chosen.timeline(),
                where(first)),
        target.discarded() + " by the vault now; counted again when the writers are stopped",
        parts.stack().objectives().corruption(),
        steps.stream().map(parts::asMeasured).toList());
  }

  private String where(MemberId first) {
    return ground.inPlace()
        ? new InPlaceSteps(parts, ground, first).inWords()
        : "into fresh storage of " + first;
  }

  private static Step choosePoint(
      String title, Map<String, String> parameters, List<String> after) {
    return Step.named(POINT)
        .title(title)
        .action(ChooseRestorePoint.NAME)
        .with(parameters)
        .after(after)
        .expected(Duration.ofSeconds(2))
        .build();
  }

  private List<String> stopClients(List<Step> steps) {
    List<Step> stopped = clients().stop(POINT, GROUP);
    steps.addAll(stopped);
    return stopped.stream().map(Step::id).toList();
  }

  private static Step awaitWal(MemberId primary, List<String> stopped) {
    return Step.named(AWAIT_WAL)
        .title("Wait until the vault has all WAL of " + primary + ", and count what is left out")
        .action(AwaitWal.NAME)
        .with("member", primary.toString())
        .with("point-from", POINT)
        .after(stopped)
        .after(POINT)
        .expected(Duration.ofSeconds(2))
        .deadline(Duration.ofMinutes(30))
        .undoGroup(GROUP)
        .build();
  }

  private Step verifyTarget(MemberId member, boolean measured, String after) {
    return behindTheStart(Step.named(VERIFY_TARGET))
        .title("Check that " + member + " stands at the target and nothing newer was replayed")
        .action(VerifyTarget.NAME)
        .with("member", member.toString())
        .with("point-from", POINT)
        .with(measured ? Map.of("measured-by", AWAIT_WAL) : Map.of())
        .after(after)
        .expected(Duration.ofSeconds(1))
        .build();
  }

  /// Fences all members, and restores the first one up to its target. Returns the last step.
  ///
  /// @param point the step that chose the restore point, and the goal in words
  private String restoreFirst(
      List<Step> steps,
      List<MemberId> members,
      String fenceAfter,
      List<String> stopped,
      Map<String, String> point) {
    List<String> fenced = new ArrayList<>(stopped);
    for (MemberId member : members) {
      steps.add(
          MemberSteps.fence(member, "Stop " + member + " and keep it stopped", fenceAfter)
              .undoGroup(GROUP)
              .build());
      fenced.add("fence-" + member);
    }
    MemberId first = members.getFirst();
    String recover = "recover-" + first;
    steps.addAll(
        ground.inPlace()
            ? new InPlaceSteps(parts, ground, first).restore(GROUP, point, fenced)
            : inFreshStorage(first, point, fenced));
    steps.add(
        behindTheStart(Step.named(recover))
            .title("Start " + first + " and replay to the restore point")
            .action(RecoverToTarget.NAME)
            .with("member", first.toString())
            .with(point)
            .after(steps.getLast().id())
            .expected(parts.forecast().replay())
            .deadline(Duration.ofHours(3))
            .build());
    return recover;
  }

  private List<Step> inFreshStorage(
      MemberId first, Map<String, String> point, List<String> fenced) {
    Step aside = MemberSteps.setAside(first, fenced).destructive().undoGroup(GROUP).build();
    Step restore =
        parts
            .restore(first, "Restore " + first + " from the vault", point, aside.id())
            .undoGroup(GROUP)
            .build();
    return List.of(aside, restore);
  }

  /// What fails once the restored server was started is given back, unless it was restored in
  /// place.
  private StepBuilder behindTheStart(StepBuilder step) {
    return ground.inPlace() ? step : step.undoGroup(GROUP);
  }

  private static void endRecovery(List<Step> steps, MemberId first, String what, String after) {
    steps.add(
        Step.named(END_RECOVERY)
            .title("End the recovery of " + first + ": " + what)
            .action(EndRecovery.NAME)
            .with("member", first.toString())
            .with("point-from", POINT)
            .kind(StepKind.POINT_OF_NO_RETURN)
            .after(after)
            .expected(Duration.ofSeconds(3))
            .build());
  }

  private void serve(List<Step> steps, List<MemberId> members) {
    MemberId first = members.getFirst();
    List<Step> started = clients().start(first, END_RECOVERY);
    steps.addAll(started);
    List<String> served = PlanSteps.served(started, END_RECOVERY);
    Map<String, String> primary = Map.of("primary", first.toString());
    for (MemberId member : members.subList(1, members.size())) {
      parts.rebuild(steps, member, primary, served);
    }
    steps.add(parts.protect(primary, served));
    steps.add(PlanFrame.verify(steps));
  }

  private ClientSteps clients() {
    return parts.clients();
  }
}
