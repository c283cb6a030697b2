package dev.chrysalis.postgres.control;

import static dev.chrysalis.postgres.control.FakePostgresPair.FIRST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.engine.EngineErrors;
import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.RunOutcome;
import dev.chrysalis.engine.RunStatus;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepKind;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.Fencing;
import dev.chrysalis.platform.job.Jobs;
import dev.chrysalis.workloads.Mortality;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Plans that restore over the data that is there: what they destroy, and when; what comes back.
final class InPlacePlansTest {
  private static final int MORE_THAN_ALL = 2000;
  private static final String RESTORE_BY_HAND =
      "chrysalis agent postgres restore --in-place --name by-hand --to 2026-11-23T02:15:21Z";

  private static Plan plan(Disaster disaster) {
    return disaster.plan(new Situation.AllWell(FIRST));
  }

  private static Step step(Plan plan, String id) {
    return plan.steps().stream().filter(s -> s.id().equals(id)).findFirst().orElseThrow();
  }

  private static Stream<String> ids(Plan plan, Predicate<Step> wanted) {
    return plan.steps().stream().filter(wanted).map(Step::id);
  }

  @ParameterizedTest
  @EnumSource(names = {"DATA_CORRUPTED_IN_PLACE", "PAGES_RUINED_IN_PLACE"})
  void theStartOfTheServerIsThePointOfNoReturnAndNothingBehindItIsGivenBack(Disaster disaster) {
    Plan plan = plan(disaster);

    assertThat(ids(plan, s -> s.kind() == StepKind.POINT_OF_NO_RETURN))
        .containsExactly("start-postgres-0", "end-recovery");
    assertThat(ids(plan, Step::needsApproval))
        .containsExactly("restore-postgres-0", "start-postgres-0", "end-recovery");
    assertThat(step(plan, "start-postgres-0").after()).containsExactly("restore-postgres-0");
    assertThat(step(plan, "recover-postgres-0").after()).containsExactly("start-postgres-0");
    assertThat(ids(plan, s -> s.undoneTogether().isPresent()))
        .contains("stop-perception", "fence-postgres-0", "fence-postgres-1", "restore-postgres-0")
        .doesNotContain("recover-postgres-0", "verify-target", "end-recovery");
    assertThat(plan.summary())
        .contains("over the data of postgres-0", "from then on only another restore leads on");
  }

  @Test
  void withoutAWayBackTheRestoreItselfIsThePointOfNoReturn() {
    Plan plan = plan(Disaster.DATA_CORRUPTED_FOR_GOOD);

    assertThat(ids(plan, s -> s.kind() == StepKind.POINT_OF_NO_RETURN))
        .containsExactly("restore-postgres-0", "end-recovery");
    assertThat(step(plan, "recover-postgres-0").after()).containsExactly("restore-postgres-0");
    assertThat(plan.summary()).contains("nothing brings the old data back");
  }

  @Test
  void onlyStandbysAreSetAside() {
    assertThat(ids(plan(Disaster.DATA_CORRUPTED_IN_PLACE), s -> s.id().startsWith("set-aside-")))
        .containsExactly("set-aside-postgres-1");
  }

  @Test
  void theRunbookNamesTheMomentAndTheWayBack() {
    RecoveryStage stage = new RecoveryStage(Disaster.DATA_CORRUPTED_IN_PLACE);
    PostgresAgents agents =
        new PostgresAgents(stage.pair().platform(), new Jobs(stage.pair().platform()));
    RestoreInPlace inPlace = new RestoreInPlace(stage.pair().platform(), agents);
    RecoverToTarget recover = new RecoverToTarget(stage.pair().platform(), agents);
    Plan keeps = plan(Disaster.DATA_CORRUPTED_IN_PLACE);

    assertThat(inPlace.byHand(step(keeps, "restore-postgres-0")))
        .contains(RESTORE_BY_HAND, "# chrysalis agent postgres restore --undo by-hand");
    assertThat(recover.byHand(step(keeps, "recover-postgres-0")))
        .contains("chrysalis agent postgres feed --to 2026-11-23T02:15:21Z &");
    assertThat(inPlace.byHand(step(plan(Disaster.DATA_CORRUPTED_FOR_GOOD), "restore-postgres-0")))
        .contains(RESTORE_BY_HAND + " --no-way-back")
        .noneMatch(line -> line.contains("--undo"));
    assertThat(
            new RestoreMember(stage.pair().platform(), agents)
                .byHand(step(plan(Disaster.DATA_CORRUPTED), "restore-postgres-0")))
        .contains("chrysalis agent postgres restore --to 2026-11-23T02:15:21Z");
  }

  @Test
  void walThatNobodyHandedOverIsReadBeforeItIsTakenAway() {
    assertThat(step(plan(Disaster.PAGES_RUINED_IN_PLACE), "restore-postgres-0").after())
        .containsExactly("keep-wal-postgres-0");
    assertThat(step(plan(Disaster.PAGES_RUINED_IN_PLACE), "keep-wal-postgres-0").after())
        .contains("fence-postgres-0");
    assertThat(step(plan(Disaster.DATA_CORRUPTED_IN_PLACE), "restore-postgres-0").after())
        .as("also what was written after the primary had handed its WAL over")
        .containsExactly("keep-wal-postgres-0");
  }

  @Test
  void nothingIsWrittenOverNorStartedWithoutApproval() {
    RecoveryStage stage = new RecoveryStage(Disaster.DATA_CORRUPTED_IN_PLACE);

    RunOutcome first = stage.controller().startAsking();

    assertThat(((RunOutcome.Waiting) first).awaitingApproval())
        .containsExactly("restore-postgres-0");
    assertThat(stage.pair().data(FIRST)).containsEntry("role", "primary").containsKey("damaged");

    stage.approve("restore-postgres-0");
    RunOutcome second = stage.controller().resume();

    assertThat(((RunOutcome.Waiting) second).awaitingApproval())
        .containsExactly("start-postgres-0");
    assertThat(stage.pair().platform().fencing(FIRST)).isInstanceOf(Fencing.Proven.class);
    assertThat(stage.pair().data(FIRST)).containsKeys("restored", "undo.damaged");

    stage.controller().goOn();
    stage.assertRecovered("with approval");
    assertThat(stage.pair().platform().asides("postgres"))
        .noneMatch(aside -> aside.member().equals(FIRST));
  }

  @ParameterizedTest
  @EnumSource(names = {"DATA_CORRUPTED_IN_PLACE", "PAGES_RUINED_IN_PLACE"})
  void anAbortBeforeTheStartBringsTheOldDataBackWhereverItsControllerDies(Disaster disaster) {
    for (int fatal = 1; fatal < MORE_THAN_ALL; fatal++) {
      RecoveryStage stage = new RecoveryStage(disaster);
      RunOutcome _ = stage.controller().startAsking();
      stage.approve("restore-postgres-0");
      RunOutcome _ = stage.controller().resume();
      assertThat(stage.pair().data(FIRST)).containsKey("undo.role");

      Mortality mortality = new Mortality(fatal);
      String how = stage.live(mortality, stage.controller(mortality)::endByAbort);
      stage.controller().endByAbort();
      assertThat(stage.state().status()).as(how).isEqualTo(RunStatus.ABORTED);
      PlanTroublesTest.assertUntouched(stage, disaster);
      assertThat(stage.pair().data(FIRST)).as(how).containsKey("damaged");
      if (!mortality.died()) {
        return;
      }
    }
  }

  @Test
  void onceTheServerWasStartedAnAbortIsRefused() {
    RecoveryStage stage = new RecoveryStage(Disaster.DATA_CORRUPTED_IN_PLACE);
    stage.pair().agents().tasks().overshoot(true);

    RunOutcome outcome = stage.controller().start();

    assertThat(((RunOutcome.Failed) outcome).message())
        .contains("verify-target", "replayed up to")
        .doesNotContain("Given back");
    assertThat(((RunOutcome.Failed) outcome).hint()).contains("begin anew", "--to lsn:");
    assertThatThrownBy(() -> stage.controller().abort())
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isIn(EngineErrors.ABORT_REFUSED, EngineErrors.RUN_ENDED));
    assertThat(stage.pair().service().replicas()).isZero();
    stage.assertNothingForbidden("after the start");
  }

  @ParameterizedTest
  @EnumSource(names = {"DATA_CORRUPTED_IN_PLACE", "PAGES_RUINED_IN_PLACE"})
  void aTakingBackWhoseProcessDiesGoesOn(Disaster disaster) {
    for (int phase = 0; phase < 4; phase++) {
      int at = phase;
      RecoveryStage stage = new RecoveryStage(disaster);
      stage.pair().agents().tasks().noRoom(true);
      stage.pair().agents().dyingAt((task, now) -> task.contains("--undo") && now == at);

      RunOutcome outcome = stage.controller().start();

      assertThat(((RunOutcome.Failed) outcome).message())
          .as("phase " + phase)
          .doesNotContain("NOT given back");
      PlanTroublesTest.assertUntouched(stage, disaster);
    }
  }

  @Test
  void aTakingBackThatFailsIsTriedAgain() {
    RecoveryStage stage = new RecoveryStage(Disaster.DATA_CORRUPTED_IN_PLACE);
    stage.pair().agents().tasks().noRoom(true);
    stage.pair().agents().tasks().undoFails(true);

    RunOutcome outcome = stage.controller().start();

    assertThat(((RunOutcome.Failed) outcome).message()).contains("NOT given back");
    assertThat(stage.pair().writer()).isEmpty();
    assertThat(stage.pair().data(FIRST)).containsKey("undo.damaged");

    stage.pair().agents().tasks().undoFails(false);
    stage.pair().agents().tasks().noRoom(false);
    assertThat(stage.controller().resume()).isInstanceOf(RunOutcome.Succeeded.class);
    stage.assertRecovered("after the undo went through");
  }

  @Test
  void withoutAWayBackAFailureLeavesTheServerStoppedAndTheRunGoesOn() {
    RecoveryStage stage = new RecoveryStage(Disaster.DATA_CORRUPTED_FOR_GOOD);
    stage.pair().agents().tasks().noRoom(true);

    RunOutcome outcome = stage.controller().start();

    assertThat(((RunOutcome.Failed) outcome).message()).doesNotContain("Given back");
    assertThat(stage.pair().writer()).isEmpty();
    assertThat(stage.pair().service().replicas()).isZero();
    assertThat(stage.pair().platform().fencing(FIRST)).isInstanceOf(Fencing.Proven.class);

    stage.pair().agents().tasks().noRoom(false);
    assertThat(stage.controller().resume()).isInstanceOf(RunOutcome.Succeeded.class);
    stage.assertRecovered("after the cause was gone");
  }

  @Test
  void nothingIsTouchedWhereTheVolumeHoldsAnotherCluster() {
    RecoveryStage stage = new RecoveryStage(Disaster.DATA_CORRUPTED_IN_PLACE);
    stage.pair().data(FIRST).put("system", "999");
    List<String> before = stage.pair().changes();

    RunOutcome outcome = stage.controller().start();

    assertThat(((RunOutcome.Failed) outcome).message()).contains("holds cluster 999", "CHR-5015");
    assertThat(stage.pair().changes()).isEqualTo(before);
    PlanTroublesTest.assertUntouched(stage, Disaster.DATA_CORRUPTED_IN_PLACE);
  }

  @Test
  void roomIsAskedForWhatTheFilesGrowByOnly() {
    assertThat(withRoom(Disaster.DATA_CORRUPTED, 80_000_000)).contains("CHR-5016", "115 MB");
    assertThat(withRoom(Disaster.DATA_CORRUPTED_IN_PLACE, 80_000_000)).isEqualTo("recovered");
    assertThat(withRoom(Disaster.DATA_CORRUPTED_IN_PLACE, 60_000_000))
        .contains("CHR-5016", "67 MB");
  }

  /// What a run says on volumes that hold as much as the snapshot has, and have so much free.
  private static String withRoom(Disaster disaster, long free) {
    RecoveryStage stage = new RecoveryStage(disaster);
    stage.pair().platform().room(100 << 20, free);
    RunOutcome outcome = stage.controller().start();
    return outcome instanceof RunOutcome.Failed failed ? failed.message() : "recovered";
  }
}
