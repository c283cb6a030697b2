package dev.chrysalis.redis.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepKind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RedisPlansTest {
  @ParameterizedTest
  @EnumSource(RedisDisaster.class)
  void keepsEvidenceAndLooksAgainBeforeAnythingIsTouched(RedisDisaster disaster) {
    Plan plan = plan(disaster);

    plan.steps().stream()
        .skip(2)
        .forEach(s -> assertThat(before(plan, s.id())).contains("keep-evidence", "confirm"));
  }

  @ParameterizedTest
  @EnumSource(RedisDisaster.class)
  void endsWithTheChecklistAfterEverythingElse(RedisDisaster disaster) {
    Plan plan = plan(disaster);
    Step last = plan.steps().getLast();

    assertThat(last.action()).isEqualTo("checklist.verify");
    assertThat(before(plan, last.id())).hasSize(plan.steps().size() - 1);
  }

  @ParameterizedTest
  @EnumSource(RedisDisaster.class)
  void tellsAPersonWhatToTypeForEveryStep(RedisDisaster disaster) {
    RedisStage stage = new RedisStage(disaster);

    for (Step step : stage.plan().steps()) {
      if (step.action().startsWith("redis.")) {
        List<String> typed = stage.action(step.action()).byHand(step);
        assertThat(typed).as(step.id()).isNotEmpty();
        assertThat(typed).as(step.id()).noneMatch(line -> line.contains(" -it "));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MASTER_DOWN_FORCED", "MASTER_LOST"})
  void fencesTheOldMasterBeforeAnotherIsForcedToLead(RedisDisaster disaster) {
    Plan plan = plan(disaster);

    assertThat(before(plan, "fence-redis-0")).contains("check-replicas");
    assertThat(before(plan, "force-failover")).contains("fence-redis-0", "await-failover");
    assertThat(step(plan, "force-failover").kind()).isEqualTo(StepKind.ONCE);
  }

  @Test
  void stopsTheSentinelsBeforeItLeadsWithoutThemAndStartsThemLast() {
    Plan plan = plan(RedisDisaster.MASTER_DOWN_NO_QUORUM);

    for (int n = 0; n < 3; n++) {
      assertThat(before(plan, "lead")).contains("fence-redis-sentinel-" + n);
    }
    assertThat(step(plan, "lead").kind()).isEqualTo(StepKind.POINT_OF_NO_RETURN);
    assertThat(before(plan, "await-sentinels")).contains("follow-others", "lead");
    assertThat(before(plan, "point-perception")).contains("lead").doesNotContain("await-sentinels");
  }

  @Test
  void bringsClientsBackBeforeTheOldMaster() {
    Plan plan = plan(RedisDisaster.MASTER_LOST);

    assertThat(before(plan, "set-aside-redis-0")).contains("point-perception", "await-odyssey");
    assertThat(before(plan, "join-redis-0")).contains("configure-redis-0");
  }

  @ParameterizedTest
  @EnumSource(names = {"STORE_LOST", "STORE_LOST_DUMP", "DATA_CORRUPTED"})
  void restoresWhileNothingRunsTheRestoredMasterFirstSentinelsLast(RedisDisaster disaster) {
    Plan plan = plan(disaster);

    assertThat(before(plan, "fence-redis-0"))
        .contains("stop-perception", "stop-odyssey", "fence-redis-sentinel-2");
    assertThat(before(plan, "restore-redis-0"))
        .contains("fence-redis-1", "fence-redis-2", "set-aside-redis-0");
    assertThat(before(plan, "configure-redis-1")).contains("accept");
    assertThat(before(plan, "await-sentinels")).contains("join-redis-1", "join-redis-2");
    assertThat(before(plan, "start-odyssey")).contains("await-sentinels");
    assertThat(plan.steps().stream().filter(Step::needsApproval))
        .extracting(Step::id)
        .containsExactly("set-aside-redis-0", "accept");
  }

  @Test
  void checksTheRestorePointBeforeAnythingIsStopped() {
    Plan plan = plan(RedisDisaster.STORE_LOST);

    for (String id : List.of("stop-odyssey", "fence-redis-sentinel-0", "set-aside-redis-0")) {
      assertThat(before(plan, id)).contains("choose-restore-point");
    }
  }

  @Test
  void readsADumpToItsEndBeforeAnythingIsStopped() {
    Plan plan = plan(RedisDisaster.STORE_LOST_DUMP);

    assertThat(before(plan, "stop-odyssey")).contains("check-dump");
  }

  @Test
  void shipsTheLogToItsEndBeforeAnythingIsFencedForAMomentInThePast() {
    Plan plan = plan(RedisDisaster.DATA_CORRUPTED);

    assertThat(before(plan, "await-end-of-log")).contains("stop-perception", "stop-odyssey");
    assertThat(before(plan, "fence-redis-sentinel-0")).contains("await-end-of-log");
  }

  @Test
  void makesNoPlanWhereASentinelAsksForMoreThanThereAre() {
    RedisStage stage = new RedisStage(RedisDisaster.QUORUM_LOST);
    assertThat(stage.plan().steps())
        .extracting(Step::id)
        .contains("configure-redis-sentinel-0", "await-sentinels");

    FakeRedisGroup.SENTINELS.forEach(s -> stage.group().data(s).put("quorum", "5"));

    RedisState now = stage.look();
    assertThat(RedisDisaster.plans(stage.situation(now), now).plan()).isEmpty();
  }

  /// After a failover one follows the former master for a moment: it may come right by itself.
  @Test
  void aReplicaThatServesIsCopiedOnceTheOthersAreBack() {
    RedisState state = SeenRedis.of("gone master replica@0", "1 1 1");

    Plan plan = RedisDisaster.plans(Diagnosis.of(state, Past.UNKNOWN), state).plan().orElseThrow();

    assertThat(before(plan, "fence-redis-0")).doesNotContain("join-redis-2");
    assertThat(before(plan, "fence-redis-2")).contains("join-redis-0");
  }

  @Test
  void sentinelsThatHangAreRestartedBeforeClientsAskThem() {
    Plan plan = plan(RedisDisaster.ALL_HUNG);

    assertThat(before(plan, "await-sentinels"))
        .contains("start-redis-0", "restart-redis-sentinel-0", "restart-redis-sentinel-2");
    assertThat(before(plan, "protect")).contains("await-sentinels");
  }

  @Test
  void whatElseIsBrokenIsRepairedByTheSamePlan() {
    assertThat(plan(RedisDisaster.HOST_HUNG).steps())
        .extracting(Step::id)
        .contains("force-failover", "restart-redis-sentinel-2", "join-redis-0");
    assertThat(plan(RedisDisaster.REPLICAS_LOST_AND_DOWN).steps())
        .extracting(Step::id)
        .contains("set-aside-redis-1", "restart-redis-2", "restart-redis-sentinel-1");
  }

  @Test
  void aReplicaThatWouldStartAsAMasterIsToldToFollowFirst() {
    Plan plan = plan(RedisDisaster.REPLICA_DOWN);

    assertThat(plan.steps()).extracting(Step::id).contains("restart-redis-1");
    assertThat(before(plan, "join-redis-2")).contains("fence-redis-2", "configure-redis-2");
  }

  private static Plan plan(RedisDisaster disaster) {
    return new RedisStage(disaster).plan();
  }

  private static Set<String> before(Plan plan, String id) {
    Set<String> all = new HashSet<>(step(plan, id).after());
    step(plan, id).after().forEach(earlier -> all.addAll(before(plan, earlier)));
    return all;
  }

  private static Step step(Plan plan, String id) {
    return plan.steps().stream().filter(s -> s.id().equals(id)).findFirst().orElseThrow();
  }
}
