package dev.chrysalis.postgres.control;

import static dev.chrysalis.postgres.control.FakePostgresPair.FIRST;
import static dev.chrysalis.postgres.control.FakePostgresPair.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.RunOutcome;
import dev.chrysalis.engine.RunStatus;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Fencing;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.workloads.Mortality;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Steps fail, people are asked and change their mind: what was there before is there again, and
/// the run can go on once the cause is gone.
final class PlanTroublesTest {
  private static final int MORE_THAN_ALL = 2000;

  @ParameterizedTest
  @EnumSource(
      names = {
        "STORE_DAMAGED",
        "STORE_VOLUMES_LOST",
        "DATA_CORRUPTED",
        "DATA_CORRUPTED_IN_PLACE",
        "PAGES_RUINED_IN_PLACE",
        "STORE_DAMAGED_AND_DUMPED"
      })
  void aRestoreThatFailsHalfWayLeavesWhatWasThereAndCanBeRepeated(Disaster disaster) {
    RecoveryStage stage = new RecoveryStage(disaster);
    stage.pair().agents().tasks().noRoom(true);

    RunOutcome outcome = stage.controller().start();

    assertThat(outcome).isInstanceOf(RunOutcome.Failed.class);
    assertThat(((RunOutcome.Failed) outcome).message())
        .contains("restore-postgres-0", "no room for the files", "Given back: ")
        .doesNotContain("NOT given back");
    assertUntouched(stage, disaster);

    stage.pair().agents().tasks().noRoom(false);
    assertThat(stage.controller().resume()).isInstanceOf(RunOutcome.Succeeded.class);
    stage.assertRecovered("after the cause was gone");
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "STORE_DAMAGED",
        "STORE_VOLUMES_LOST",
        "DATA_CORRUPTED",
        "DATA_CORRUPTED_IN_PLACE",
        "PAGES_RUINED_IN_PLACE",
        "STORE_DAMAGED_AND_DUMPED"
      })
  void aControllerMayDieAnywhereWhileARestoreFails(Disaster disaster) {
    for (int fatal = 1; fatal < MORE_THAN_ALL; fatal += 2) {
      RecoveryStage stage = new RecoveryStage(disaster);
      stage.pair().agents().tasks().noRoom(true);
      Mortality mortality = new Mortality(fatal);
      String how = stage.live(mortality) + ", chance " + fatal;
      if (!mortality.died()) {
        return;
      }
      stage.controller().goOn();
      stage.assertNothingForbidden(how);
      stage.pair().agents().tasks().noRoom(false);
      stage.controller().goOn();
      stage.assertRecovered(how);
    }
  }

  @Test
  void aPrimaryThatReplaysItsLogIsLeftAloneUntilItServes() {
    RecoveryStage stage = new RecoveryStage(Disaster.PRIMARY_DOWN);
    stage.pair().crash();

    assertThat(stage.controller().start()).isInstanceOf(RunOutcome.Succeeded.class);

    stage.assertRecovered("by itself");
    assertThat(stage.pair().changes()).noneMatch(call -> call.startsWith("restart-member"));
  }

  @ParameterizedTest
  @EnumSource(names = {"PRIMARY_DAMAGED", "REPLICA_DAMAGED", "REPLICA_VOLUME_LOST"})
  void aRebuildThatFailsHalfWayGoesOnWhereItStopped(Disaster disaster) {
    RecoveryStage stage = new RecoveryStage(disaster);
    stage.pair().agents().tasks().noRoom(true);

    assertThat(stage.controller().start()).isInstanceOf(RunOutcome.Failed.class);
    assertThat(stage.pair().writer()).contains(disaster.primary());

    stage.pair().agents().tasks().noRoom(false);
    assertThat(stage.controller().resume()).isInstanceOf(RunOutcome.Succeeded.class);
    stage.assertRecovered("after the cause was gone");
  }

  @Test
  void nothingIsPromotedWhileNobodyCanProveThatTheOldPrimaryIsFenced() {
    RecoveryStage stage = new RecoveryStage(Disaster.PRIMARY_HUNG);
    stage.pair().platform().hide(FIRST, true);

    RunOutcome outcome = stage.controller().start();

    assertThat(((RunOutcome.Failed) outcome).message())
        .contains("fence-postgres-0", "proof that it is fenced", "machine does not answer");
    assertThat(stage.pair().agents().tasks().done()).isEmpty();
    assertThat(stage.pair().agents().jobs(SECOND)).isEmpty();
    assertThat(stage.pair().data(SECOND)).containsEntry("role", "standby");

    stage.pair().platform().hide(FIRST, false);
    assertThat(stage.controller().resume()).isInstanceOf(RunOutcome.Succeeded.class);
    stage.assertRecovered("once the proof was there");
  }

  @Test
  void nothingIsSetAsideWhileAMemberMayStillRun() {
    RecoveryStage stage = new RecoveryStage(Disaster.STORE_DAMAGED);
    stage.pair().platform().hide(SECOND, true);

    RunOutcome outcome = stage.controller().start();

    assertThat(((RunOutcome.Failed) outcome).message())
        .contains("fence-postgres-1", "machine does not answer");
    stage.pair().platform().hide(SECOND, false);
    assertUntouched(stage, Disaster.STORE_DAMAGED);
    assertThat(stage.controller().resume()).isInstanceOf(RunOutcome.Succeeded.class);
    stage.assertRecovered("once the proof was there");
  }

  @Test
  void whatOnlyTheDeadPrimaryHadIsSalvagedBeforeAStandbyIsPromoted() {
    RecoveryStage stage = new RecoveryStage(Disaster.PRIMARY_HUNG);
    Lsn written = stage.pair().position(FIRST);

    assertThat(stage.controller().start()).isInstanceOf(RunOutcome.Succeeded.class);

    assertThat(stage.pair().position(SECOND)).isGreaterThanOrEqualTo(written);
    assertThat(evidence(stage, "state-loss"))
        .containsEntry("lost", "nothing: all that the old primary wrote was read");
  }

  @Test
  void aRecoveryDoesNotHangOnWalThatCannotBeRead() {
    RecoveryStage stage = new RecoveryStage(Disaster.PRIMARY_HUNG);
    stage.pair().agents().tasks().walUnreadable(true);

    assertThat(stage.controller().start()).isInstanceOf(RunOutcome.Succeeded.class);

    stage.assertRecovered("without the old primary's WAL");
    assertThat(evidence(stage, "salvage-postgres-0"))
        .containsEntry("wal", "unknown")
        .containsEntry("why", "CHR-5020: cannot read pg_wal");
    assertThat(evidence(stage, "state-loss").get("lost"))
        .isEqualTo(
            "no commit that is known; unknown is what the old primary acknowledged after"
                + " 2026-11-23T02:15:27Z");
  }

  @Test
  void walBehindAGapIsNotWaitedForButCountedAsLost() {
    RecoveryStage stage = new RecoveryStage(Disaster.PRIMARY_VOLUME_LOST);
    stage.pair().vault().loseAStretch();

    assertThat(stage.controller().start()).isInstanceOf(RunOutcome.Succeeded.class);

    stage.assertNothingForbidden("with a gap");
    assertThat(evidence(stage, "state-loss"))
        .containsEntry("commits", "1")
        .containsEntry("walBytes", "7")
        .containsEntry("first", "xid 777 at 2026-11-23T02:15:28Z");
  }

  @Test
  void nothingIsTouchedForASnapshotThatLacksPacks() {
    RecoveryStage stage = new RecoveryStage(Disaster.STORE_DAMAGED);
    stage.pair().vault().lackPacks(3);
    List<String> before = stage.pair().changes();

    RunOutcome outcome = stage.controller().start();

    assertThat(((RunOutcome.Failed) outcome).message()).contains("lacks 3 of its packs");
    assertThat(stage.pair().changes()).isEqualTo(before);
    assertUntouched(stage, Disaster.STORE_DAMAGED);

    stage.pair().vault().lackPacks(0);
    assertThat(stage.controller().resume()).isInstanceOf(RunOutcome.Succeeded.class);
    stage.assertRecovered("with all packs");
  }

  @Test
  void noStandbyIsPromotedWithoutApproval() {
    RecoveryStage stage = new RecoveryStage(Disaster.PRIMARY_DAMAGED);

    RunOutcome outcome = stage.controller().startAsking();

    assertThat(((RunOutcome.Waiting) outcome).awaitingApproval()).containsExactly("promote");
    assertThat(stage.pair().agents().tasks().done()).isEmpty();
    assertThat(stage.pair().data(SECOND)).containsEntry("role", "standby");
    assertThat(stage.pair().data(FIRST)).containsKey("damaged");
    assertThat(stage.pair().service().environment())
        .containsEntry(FakePostgresPair.VARIABLE, stage.pair().addressOf(FIRST));

    stage.controller().goOn();
    stage.assertRecovered("with approval");
  }

  @Test
  void nothingIsSetAsideAndNoRecoveryEndedWithoutApproval() {
    RecoveryStage stage = new RecoveryStage(Disaster.STORE_DAMAGED);

    RunOutcome first = stage.controller().startAsking();

    assertThat(((RunOutcome.Waiting) first).awaitingApproval())
        .containsExactly("set-aside-postgres-0");
    assertThat(stage.pair().data(FIRST)).containsKey("damaged");
    assertThat(stage.pair().data(SECOND)).containsKey("damaged");
    assertThat(stage.pair().agents().jobs(FIRST))
        .extracting(job -> job.task.get(1))
        .containsExactly("salvage");

    stage.approve("set-aside-postgres-0");
    RunOutcome second = stage.controller().resume();

    assertThat(((RunOutcome.Waiting) second).awaitingApproval()).containsExactly("end-recovery");
    assertThat(stage.pair().isAtTarget(FIRST)).isTrue();
    assertThat(stage.pair().writer()).isEmpty();
    assertThat(stage.pair().service().replicas()).isZero();

    stage.controller().goOn();
    stage.assertRecovered("with approval");
  }

  @ParameterizedTest
  @EnumSource(names = {"STORE_DAMAGED", "STORE_VOLUMES_LOST", "DATA_CORRUPTED"})
  void anAbortGivesEverythingBackWhereverItsControllerDies(Disaster disaster) {
    for (int fatal = 1; fatal < MORE_THAN_ALL; fatal += 2) {
      RecoveryStage stage = new RecoveryStage(disaster);
      RunOutcome _ = stage.controller().startAsking();
      stage.approve("set-aside-postgres-0");
      RunOutcome _ = stage.controller().resume();
      assertThat(stage.pair().isAtTarget(FIRST)).isTrue();

      Mortality mortality = new Mortality(fatal);
      String how = stage.live(mortality, stage.controller(mortality)::endByAbort);
      stage.controller().endByAbort();
      assertThat(stage.state().status()).as(how).isEqualTo(RunStatus.ABORTED);
      assertUntouched(stage, disaster);
      if (!mortality.died()) {
        return;
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Disaster.class)
  void aRestoreOrBackupWhoseProcessDiesIsDoneAgain(Disaster disaster) {
    for (int phase = 0; phase < 4; phase++) {
      int at = phase;
      RecoveryStage stage = new RecoveryStage(disaster);
      stage
          .pair()
          .agents()
          .dyingAt((task, now) -> List.of("restore", "backup").contains(task.get(1)) && now == at);

      assertThat(stage.controller().start()).isInstanceOf(RunOutcome.Succeeded.class);

      stage.assertRecovered("process died in phase " + phase);
    }
  }

  @ParameterizedTest
  @EnumSource(Disaster.class)
  void aFeedWhoseProcessDiesIsStartedAgainByTheSameController(Disaster disaster) {
    for (int phase = 0; phase < 2; phase++) {
      int at = phase;
      RecoveryStage stage = new RecoveryStage(disaster);
      stage.pair().agents().dyingAt((task, now) -> task.get(1).equals("feed") && now == at);

      assertThat(stage.controller().start()).isInstanceOf(RunOutcome.Succeeded.class);

      stage.assertRecovered("feed died in phase " + phase);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PRIMARY_DAMAGED", "STORE_DAMAGED"})
  void aPromotionWhoseProcessDiesAfterItTookEffectCountsAsDone(Disaster disaster) {
    RecoveryStage stage = new RecoveryStage(disaster);
    stage.pair().agents().dyingAt((task, phase) -> turns(task) && phase == 2);

    assertThat(stage.controller().start()).isInstanceOf(RunOutcome.Succeeded.class);

    stage.assertRecovered("process died after the promotion");
  }

  @ParameterizedTest
  @EnumSource(names = {"PRIMARY_DAMAGED", "STORE_DAMAGED"})
  void aPromotionWhoseProcessDiesBeforeItTookEffectIsLeftToPeople(Disaster disaster) {
    RecoveryStage stage = new RecoveryStage(disaster);
    String step = disaster == Disaster.PRIMARY_DAMAGED ? "promote" : "end-recovery";
    stage.pair().agents().dyingAt((task, phase) -> turns(task) && phase == 1);

    assertThat(stage.controller().start()).isInstanceOf(RunOutcome.Failed.class);
    assertThat(stage.pair().writer()).isEmpty();
    for (int again = 0; again < 2; again++) {
      RunOutcome outcome = stage.controller().resume();
      assertThat(((RunOutcome.Waiting) outcome).unknown()).containsExactly(step);
      assertThat(stage.pair().writer()).isEmpty();
    }

    stage.pair().agents().dyingAt((task, phase) -> false);
    stage.answer(step, false);
    assertThat(stage.controller().resume()).isInstanceOf(RunOutcome.Succeeded.class);
    stage.assertRecovered("after a person's answer");
  }

  private static Map<String, String> evidence(RecoveryStage stage, String step) {
    return stage.state().step(step).evidence();
  }

  private static boolean turns(List<String> task) {
    return task.get(1).equals("promote") || task.get(1).equals("end-recovery");
  }

  @Test
  void aTargetThatWasReplayedPastIsGivenBackBeforeThePointOfNoReturn() {
    RecoveryStage stage = new RecoveryStage(Disaster.DATA_CORRUPTED);
    stage.pair().agents().tasks().overshoot(true);

    RunOutcome outcome = stage.controller().start();

    assertThat(outcome).isInstanceOf(RunOutcome.Failed.class);
    assertThat(((RunOutcome.Failed) outcome).message())
        .contains("verify-target", "replayed up to", "Given back: ")
        .doesNotContain("NOT given back");
    assertUntouched(stage, Disaster.DATA_CORRUPTED);
  }

  @Test
  void whatIsLeftOutIsCountedAgainOnceTheWritersAreStoppedAndToldBeforeThePointOfNoReturn() {
    RecoveryStage stage = new RecoveryStage(Disaster.DATA_CORRUPTED);

    assertThat(stage.controller().start()).isInstanceOf(RunOutcome.Succeeded.class);

    assertThat(stage.state().step("await-wal").evidence())
        .containsEntry("commits", "3")
        .containsEntry("end", "0/5000100")
        .containsEntry("span", "PT3S");
    assertThat(stage.state().step("verify-target").evidence())
        .containsEntry("commits", "3")
        .containsEntry("replayed", "0/4800060");
  }

  static void assertUntouched(RecoveryStage stage, Disaster disaster) {
    stage.assertNothingForbidden("untouched");
    FakePostgresPair pair = stage.pair();
    for (MemberId member : List.of(FIRST, SECOND)) {
      if (disaster == Disaster.STORE_DAMAGED) {
        assertThat(pair.data(member)).containsOnlyKeys("damaged");
      }
      if (disaster == Disaster.DATA_CORRUPTED || disaster.ground().inPlace()) {
        assertThat(pair.data(member)).containsEntry("timeline", "1").doesNotContainKey("restored");
        assertThat(pair.data(member).keySet()).noneMatch(key -> key.startsWith("undo."));
      }
      assertThat(pair.platform().fencing(member)).isInstanceOf(Fencing.NotFenced.class);
    }
    assertThat(pair.platform().asides("postgres")).isEmpty();
    assertThat(pair.service().replicas()).isEqualTo(2);
    assertThat(pair.service().environment())
        .isEqualTo(Map.of(FakePostgresPair.VARIABLE, pair.addressOf(FIRST)));
    assertThat(pair.agents().tasks().done())
        .doesNotContain("end-recovery postgres-0", "promote postgres-1");
  }
}
