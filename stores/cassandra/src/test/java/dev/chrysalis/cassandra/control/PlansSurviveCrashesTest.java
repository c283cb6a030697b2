package dev.chrysalis.cassandra.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.engine.RunOutcome;
import dev.chrysalis.engine.StepState;
import dev.chrysalis.workloads.Mortality;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Controllers die before, in the middle of and after every call and record of a plan; whoever
/// resumes reaches the same end, and nothing forbidden happens on the way.
final class PlansSurviveCrashesTest {
  private static final int MORE_THAN_ALL = 3000;

  @ParameterizedTest
  @EnumSource(RingDisaster.class)
  void aPlanReachesItsEnd(RingDisaster disaster) {
    RingStage stage = new RingStage(disaster);

    assertThat(stage.start()).isInstanceOf(RunOutcome.Succeeded.class);

    stage.assertRecovered(disaster.toString());
  }

  /// What two nodes have restored by then, the third cannot: everything is as it was, and no server
  /// ends its replay at the moment that was meant for what was restored.
  @Test
  void aRestoreThatFailsGivesEverythingBack() {
    RingStage stage = new RingStage(RingDisaster.DATA_CORRUPTED);
    stage.ring().leaveNoRoom(FakeRing.NODES.getLast());

    assertThat(stage.start()).isInstanceOf(RunOutcome.Failed.class);

    stage.assertGivenBack();
  }

  @Test
  void aNodeWhoseDamagedTablesNobodyElseHasServesOn() {
    RingStage stage = new RingStage(RingDisaster.TABLES_DAMAGED);
    stage.ring().damageOwnTables();

    assertThat(stage.start()).isInstanceOf(RunOutcome.Failed.class);

    assertThat(stage.ring().serves(FakeRing.NODES.getLast())).isTrue();
  }

  @Test
  void aServerThatEndsAgainAndAgainIsNotWaitedForUntilTheDeadline() {
    RingStage stage = new RingStage(RingDisaster.NODE_DOWN);
    stage.ring().keepEnding(FakeRing.NODES.getLast());

    RunOutcome outcome = stage.start();

    assertThat(outcome)
        .isInstanceOfSatisfying(
            RunOutcome.Failed.class,
            failed ->
                assertThat(failed.toString())
                    .contains("it acted 5 times", "cassandra-2 to start")
                    .containsPattern("ended \\d+ times, last with signal 9: its log says why"));
  }

  /// There is nothing better to go back to: the ring serves, and the run says what is wrong.
  @Test
  void aRingWhoseRowsDifferServesAndFailsItsRunAtTheEnd() {
    RingStage stage = new RingStage(RingDisaster.STORE_LOST);
    stage
        .ring()
        .failComparison(CassandraErrors.ROWS_DIFFER, "shop.orders has 6 rows at ALL, not 7");

    RunOutcome outcome = stage.start();

    assertThat(outcome)
        .isInstanceOfSatisfying(
            RunOutcome.Failed.class,
            failed -> assertThat(failed.toString()).contains("shop.orders has 6 rows at ALL"));
    FakeRing.NODES.forEach(node -> assertThat(stage.ring().serves(node)).isTrue());
    FakeRing.CLIENTS.forEach(client ->
        assertThat(stage.ring().platform().workload(client).replicas()).as(client).isPositive());
    assertThat(stage.state().step("verify").state()).isEqualTo(StepState.DONE);
  }

  @Test
  void aComparisonThatCannotBeMadeKeepsNothingFromServing() {
    RingStage stage = new RingStage(RingDisaster.STORE_LOST);
    stage.ring().failComparison(CassandraErrors.NO_LOADER, "no Cassandra in /opt/cassandra/lib");

    assertThat(stage.start()).isInstanceOf(RunOutcome.Succeeded.class);

    stage.assertRecovered("not compared");
    assertThat(stage.state().step("state-rows").evidence())
        .containsEntry("notCompared", "CHR-10050: no Cassandra in /opt/cassandra/lib");
  }

  @ParameterizedTest
  @EnumSource(
      names = {"NODE_LOST", "QUORUM_LOST", "TABLES_DAMAGED", "STORE_LOST", "DATA_CORRUPTED"})
  void aControllerThatDiesAnywhereIsReplacedByAnother(RingDisaster disaster) {
    int deaths = 0;
    for (int fatal = 1; fatal < MORE_THAN_ALL; fatal++) {
      RingStage stage = new RingStage(disaster);
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
