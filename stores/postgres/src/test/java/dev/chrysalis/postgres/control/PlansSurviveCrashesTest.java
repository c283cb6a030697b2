package dev.chrysalis.postgres.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.RunOutcome;
import dev.chrysalis.workloads.Mortality;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Controllers die before, in the middle of and after every call and record of every plan; whoever
/// resumes reaches the same end, and nothing forbidden happens on the way.
final class PlansSurviveCrashesTest {
  private static final int MORE_THAN_ALL = 2000;

  @ParameterizedTest
  @EnumSource(Disaster.class)
  void aPlanReachesItsEnd(Disaster disaster) {
    RecoveryStage stage = new RecoveryStage(disaster);

    assertThat(stage.controller().start()).isInstanceOf(RunOutcome.Succeeded.class);

    stage.assertRecovered(disaster.toString());
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "PRIMARY_DOWN",
        "PRIMARY_DAMAGED",
        "REPLICA_DOWN",
        "REPLICA_DAMAGED",
        "STORE_DAMAGED",
        "STORE_VOLUMES_LOST",
        "DATA_CORRUPTED",
        "DATA_CORRUPTED_IN_PLACE",
        "DATA_CORRUPTED_FOR_GOOD",
        "PAGES_RUINED_IN_PLACE",
        "STORE_DAMAGED_AND_DUMPED"
      })
  void aControllerThatDiesAnywhereIsReplacedByAnother(Disaster disaster) {
    int deaths = 0;
    for (int fatal = 1; fatal < MORE_THAN_ALL; fatal++) {
      RecoveryStage stage = new RecoveryStage(disaster);
      Mortality mortality = new Mortality(fatal);
      String how = stage.live(mortality);
      if (!mortality.died()) {
        break;
      }
      deaths++;
      stage.controller().goOn();
      stage.assertRecovered(disaster + " " + how + ", chance " + fatal);
    }
    assertThat(deaths).as("chances to die").isBetween(40, MORE_THAN_ALL - 2);
  }

  @Test
  void manyControllersMayDieOverOneRun() {
    List<Disaster> all = List.copyOf(EnumSet.allOf(Disaster.class));
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      Disaster disaster = all.get(random.nextInt(all.size()));
      RecoveryStage stage = new RecoveryStage(disaster);
      int unreliable = 3 + random.nextInt(6);
      stage.pair().agents().breakingAt((arguments, exec) -> exec % unreliable == 0);
      StringBuilder how = new StringBuilder("seed " + seed + " " + disaster);
      for (int life = 0; life < 3; life++) {
        how.append(", ").append(stage.live(new Mortality(1 + random.nextInt(150))));
      }
      stage.controller().goOn();
      stage.assertRecovered(how.toString());
    }
  }
}
