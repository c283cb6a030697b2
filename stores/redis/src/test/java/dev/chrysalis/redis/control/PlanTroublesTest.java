package dev.chrysalis.redis.control;

import static dev.chrysalis.redis.control.FakeRedisGroup.FIRST;
import static dev.chrysalis.redis.control.FakeRedisGroup.SECOND;
import static dev.chrysalis.redis.control.FakeRedisGroup.SENTINELS;
import static dev.chrysalis.redis.control.FakeRedisGroup.SERVERS;
import static dev.chrysalis.redis.control.FakeRedisGroup.THIRD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.engine.RunOutcome;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Fencing;
import dev.chrysalis.workloads.Mortality;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Steps fail, Sentinels act by themselves, nobody is fit: what was there before is there again,
/// what is refused says why, and the run can go on once the cause is gone.
final class PlanTroublesTest {
  private static final int MORE_THAN_ALL = 3000;

  @Test
  void aFailoverThatHappensByItselfIsOnlyWatched() {
    RedisStage stage = new RedisStage(RedisDisaster.MASTER_DOWN_VOTED);

    assertThat(stage.start()).isInstanceOf(RunOutcome.Succeeded.class);

    stage.assertRecovered("by itself");
    assertThat(stage.evidence("await-failover")).containsEntry("failover", "by itself");
    assertThat(stage.group().tasks().done()).doesNotContain("failover");
  }

  @Test
  void aFailoverThatDoesNotHappenIsForcedAndItsLossStated() {
    RedisStage stage = new RedisStage(RedisDisaster.MASTER_DOWN_FORCED);

    assertThat(stage.start()).isInstanceOf(RunOutcome.Succeeded.class);

    stage.assertRecovered("forced");
    assertThat(stage.evidence("await-failover")).containsEntry("failover", "late");
    assertThat(stage.evidence("force-failover"))
        .containsEntry("failover", "forced")
        .containsEntry("master", "redis-1");
    assertThat(stage.group().tasks().done()).containsOnlyOnce("failover");
    assertThat(stage.evidence("state-loss"))
        .containsEntry("bytes", "0")
        .containsEntry("offset", "1010")
        .containsKey("vaultHeldUntil");
    assertThat(stage.evidence("state-loss").get("lost"))
        .startsWith("nothing that any server is known to have had")
        .contains("unknown is what the old master acknowledged after 2026-");
  }

  @Test
  void aFailoverBetweenThePlanAndItsApprovalFitsThePlan() {
    RedisStage stage = new RedisStage(RedisDisaster.MASTER_DOWN_FORCED);
    assertThat(stage.group().failOver()).contains(SECOND);

    assertThat(stage.start()).isInstanceOf(RunOutcome.Succeeded.class);

    stage.assertRecovered("failed over before");
    assertThat(stage.group().tasks().done()).doesNotContain("failover");
    assertThat(stage.evidence("state-loss").get("lost")).startsWith("unknown: redis-1 led before");
  }

  @Test
  void bytesThatOnlyAReplicaHadWhichDoesNotLeadAreCounted() {
    RedisStage stage = new RedisStage(RedisDisaster.MASTER_DOWN_FORCED);
    stage.group().data(THIRD).put("offset", "1033");
    stage.group().data(THIRD).put("keys", "0");

    assertThat(stage.start()).isInstanceOf(RunOutcome.Succeeded.class);

    assertThat(stage.evidence("state-loss")).containsEntry("bytes", "23");
  }

  @Test
  void nothingIsTouchedWhereNoReplicaIsFitAnyMore() {
    RedisStage stage = new RedisStage(RedisDisaster.MASTER_DOWN_FORCED);
    stage.group().data(SECOND).put("priority", "0");
    stage.group().data(THIRD).put("keys", "0");
    List<String> before = changes(stage);

    RunOutcome outcome = stage.start();

    assertThat(((RunOutcome.Failed) outcome).message()).contains("confirm", "no replica is fit");
    assertThat(changes(stage)).isEqualTo(before);
  }

  @Test
  void replicasThatAreUnfitAreNamedEachWithItsReason() {
    RedisStage stage = new RedisStage(RedisDisaster.MASTER_DOWN_FORCED);
    stage.group().data(SECOND).put("priority", "0");
    stage.group().platform().hang(THIRD);

    assertThatNoneIsFit(
        stage.look(), "redis-1: its replica-priority is 0", "redis-2: it is no running replica");
  }

  private static void assertThatNoneIsFit(RedisState state, String... reasons) {
    assertThatThrownBy(() -> Candidates.requireFit(state, List.of("redis-0")))
        .hasMessageContainingAll(reasons)
        .hasMessageContaining("no replica can lead");
  }

  @Test
  void anEmptyServerIsNeverMadeTheMaster() {
    RedisStage stage = new RedisStage(RedisDisaster.MASTER_EMPTY_HOLDER_DOWN);
    stage.group().data(SECOND).put("keys", "0");
    stage.group().data(THIRD).put("keys", "0");

    RunOutcome outcome = stage.start();

    assertThat(outcome).isInstanceOf(RunOutcome.Failed.class);
    assertThat(stage.group().tasks().done()).isEmpty();
    assertThat(stage.group().violations()).isEmpty();
  }

  @Test
  void aMasterThatCameBackEmptyDoesNotTakeItsReplicasData() {
    RedisStage stage = new RedisStage(RedisDisaster.MASTER_LOST);

    assertThat(stage.start()).isInstanceOf(RunOutcome.Succeeded.class);

    assertThat(stage.group().violations()).isEmpty();
    assertThat(stage.group().follows(FIRST, SECOND)).isTrue();
  }

  @Test
  void anAbortAfterAFailoverLeavesTheFormerMasterStopped() {
    RedisStage stage = new RedisStage(RedisDisaster.MASTER_LOST);
    stage.group().platform().lockVolume(FIRST, true);
    assertThat(stage.start()).isInstanceOf(RunOutcome.Failed.class);
    assertThat(stage.group().leaders()).containsExactly(SECOND);

    RunOutcome outcome = stage.abort();

    assertThat(outcome).isInstanceOf(RunOutcome.Aborted.class);
    assertThat(stage.group().platform().fencing(FIRST)).isInstanceOf(Fencing.Proven.class);
    assertThat(stage.group().leaders()).containsExactly(SECOND);
    assertThat(stage.group().violations()).isEmpty();
  }

  @Test
  void nobodyLeadsInItsPlaceWhileNobodyCanProveThatTheOldMasterIsFenced() {
    RedisStage stage = new RedisStage(RedisDisaster.MASTER_DOWN_NO_QUORUM);
    stage.group().platform().hide(FIRST, true);

    RunOutcome outcome = stage.start();

    assertThat(((RunOutcome.Failed) outcome).message())
        .contains("fence-redis-0", "machine does not answer");
    assertThat(stage.group().tasks().done()).isEmpty();

    stage.group().platform().hide(FIRST, false);
    assertThat(stage.resume()).isInstanceOf(RunOutcome.Succeeded.class);
    stage.assertRecovered("once the proof was there");
  }

  @ParameterizedTest
  @EnumSource(names = {"STORE_LOST", "STORE_LOST_DUMP", "DATA_CORRUPTED"})
  void aRestoreThatFailsHalfWayLeavesWhatWasThereAndCanBeRepeated(RedisDisaster disaster) {
    RedisStage stage = new RedisStage(disaster);
    stage.group().tasks().noRoom(true);

    RunOutcome outcome = stage.start();

    assertThat(((RunOutcome.Failed) outcome).message())
        .contains("restore-redis-0", "no room for the files", "Given back: ")
        .doesNotContain("NOT given back");
    assertUntouched(stage);

    stage.group().tasks().noRoom(false);
    assertThat(stage.resume()).isInstanceOf(RunOutcome.Succeeded.class);
    stage.assertRecovered("after the cause was gone");
  }

  @Test
  void aRestoreThatLeavesNoKeyIsGivenBack() {
    RedisStage stage = new RedisStage(RedisDisaster.STORE_LOST);
    stage.group().tasks().restoresNothing(true);

    RunOutcome outcome = stage.start();

    assertThat(((RunOutcome.Failed) outcome).message())
        .contains("start-redis-0", "an empty node never leads", "Given back: ")
        .doesNotContain("NOT given back");
    assertUntouched(stage);
  }

  @Test
  void aControllerMayDieAnywhereWhileARestoreFails() {
    for (int fatal = 1; fatal < MORE_THAN_ALL; fatal += 3) {
      RedisStage stage = new RedisStage(RedisDisaster.STORE_LOST);
      stage.group().tasks().noRoom(true);
      Mortality mortality = new Mortality(fatal);
      String how = stage.live(mortality) + ", chance " + fatal;
      if (!mortality.died()) {
        return;
      }
      stage.goOn();
      assertThat(stage.group().violations()).as(how).isEmpty();
      stage.group().tasks().noRoom(false);
      stage.goOn();
      stage.assertRecovered(how);
    }
  }

  @Test
  void nothingIsTouchedForASnapshotThatLacksPacks() {
    RedisStage stage = new RedisStage(RedisDisaster.STORE_LOST);
    stage.group().vault().lackPacks(3);
    List<String> before = changes(stage);

    RunOutcome outcome = stage.start();

    assertThat(((RunOutcome.Failed) outcome).message()).contains("lacks 3 of its packs");
    assertThat(changes(stage)).isEqualTo(before);
  }

  @Test
  void nothingIsSetAsideAndNothingRestoredLeadsWithoutApproval() {
    RedisStage stage = new RedisStage(RedisDisaster.STORE_LOST);

    RunOutcome outcome = stage.startAsking();

    assertThat(((RunOutcome.Waiting) outcome).awaitingApproval())
        .containsExactly("set-aside-redis-0");
    assertThat(stage.group().data(FIRST)).containsKey("damaged");

    stage.goOn();
    stage.assertRecovered("with approval");
  }

  @Test
  void whatIsLeftOutIsToldBeforeThePointOfNoReturn() {
    RedisStage stage = new RedisStage(RedisDisaster.DATA_CORRUPTED);

    assertThat(stage.plan().expectedLoss())
        .contains("from 2026-11-23T02:09:59Z to 2026-11-23T02:15:27Z");
    assertThat(stage.start()).isInstanceOf(RunOutcome.Succeeded.class);

    assertThat(stage.evidence("await-end-of-log").get("discarded"))
        .startsWith("what was written from 2026-11-23T02:10:00Z to ");
    assertThat(stage.evidence("accept")).containsKey("discarded").containsEntry("keys", "103");
  }

  private static List<String> changes(RedisStage stage) {
    return stage.group().platform().calls().stream().filter(c -> !c.startsWith("exec ")).toList();
  }

  private static void assertUntouched(RedisStage stage) {
    FakeRedisGroup group = stage.group();
    assertThat(group.violations()).isEmpty();
    assertThat(group.platform().asides("redis")).isEmpty();
    assertThat(group.keptOldData()).isTrue();
    for (MemberId member : Stream.concat(SERVERS.stream(), SENTINELS.stream()).toList()) {
      assertThat(group.platform().fencing(member)).isInstanceOf(Fencing.NotFenced.class);
    }
    assertThat(group.platform().workload(FakeRedisGroup.POINTED).replicas()).isEqualTo(2);
    assertThat(group.platform().workload(FakeRedisGroup.ASKING).replicas()).isEqualTo(1);
  }
}
