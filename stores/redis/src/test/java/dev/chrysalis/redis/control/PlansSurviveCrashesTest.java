package dev.chrysalis.redis.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.RunOutcome;
import dev.chrysalis.workloads.Mortality;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Controllers die before, in the middle of and after every call and record of a plan; whoever
/// resumes reaches the same end, and nothing forbidden happens on the way.
final class PlansSurviveCrashesTest {
  private static final int MORE_THAN_ALL = 3000;

  @ParameterizedTest
  @EnumSource(RedisDisaster.class)
  void aPlanReachesItsEnd(RedisDisaster disaster) {
    RedisStage stage = new RedisStage(disaster);

    assertThat(stage.start()).isInstanceOf(RunOutcome.Succeeded.class);

    stage.assertRecovered(disaster.toString());
  }

  @ParameterizedTest
  @EnumSource(names = {"MASTER_DOWN_FORCED", "MASTER_DOWN_NO_QUORUM", "MASTER_LOST", "STORE_LOST"})
  void aControllerThatDiesAnywhereIsReplacedByAnother(RedisDisaster disaster) {
    int deaths = 0;
    for (int fatal = 1; fatal < MORE_THAN_ALL; fatal++) {
      RedisStage stage = new RedisStage(disaster);
      Mortality mortality = new Mortality(fatal);
      String how = stage.live(mortality);
      if (!mortality.died()) {
        break;
      }
      deaths++;
      stage.goOn();
      stage.assertRecovered(disaster + " " + how + ", chance " + fatal);
    }
    assertThat(deaths).as("chances to die").isBetween(40, MORE_THAN_ALL - 2);
  }
}
