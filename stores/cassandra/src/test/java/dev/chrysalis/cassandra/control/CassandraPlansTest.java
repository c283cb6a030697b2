package dev.chrysalis.cassandra.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepKind;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CassandraPlansTest {
  private static final Stack STACK =
      StackFile.parse(
          "stack.yaml",
          """
          version: 1
          stack: butterfly
          platform:
            kind: process
            directory: /srv/lab/platform
          vault:
            location: file:///srv/lab/vault
            passphraseFile: /srv/lab/secrets/vault
          services:
            capsule:
              needs: [cassandra]
            plato:
              needs: [cassandra]
          datastores:
            cassandra:
              kind: cassandra
              backup:
                every: 1h
          """);

  private static final CassandraPlans.Forecast FORECAST =
      new CassandraPlans.Forecast(
          Duration.ofMinutes(1),
          Duration.ofMinutes(2),
          Duration.ofMinutes(3),
          "3 s",
          Map.of(),
          List.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "up up down",
        "up up gone",
        "up up up down gone",
        "up down down",
        "up gone gone",
        "up down gone",
        "down down down",
        "up up drained",
        "up up stuck",
        "up up odd",
        "spoilt up spoilt",
        "late up late",
        "gone gone gone"
      })
  void everyPlanLooksAgainFirstAndEndsWithTheChecklist(String nodes) {
    Plan plan = plan(nodes);

    plan.steps().stream()
        .skip(2)
        .forEach(s -> assertThat(before(plan, s.id())).contains("keep-evidence", "confirm"));
    assertThat(before(plan, "verify")).contains("await-log");
    assertThat(plan.steps())
        .filteredOn(s -> !before(plan, "verify").contains(s.id()) && !s.id().equals("verify"))
        .allSatisfy(s -> assertThat(s.action()).isEqualTo(StateRows.NAME));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"up up full", "up odd third", "up up silent", "up up joining", "up up up"})
  void leavesToAPersonWhatNoPlanMends(String nodes) {
    assertThat(plans(nodes).plan()).isEmpty();
  }

  @Test
  void restartsANodeAndRepairsItOnlyWhereItsHintsAreGone() {
    assertThat(ids(plan("up up down")))
        .contains("restart-cassandra-2")
        .noneMatch(CassandraPlansTest::isRepair);
    assertThat(before(plan("up up long-down"), "repair-cassandra-2"))
        .contains("restart-cassandra-2", "await-ring");
    assertThat(ids(plan("up up down-for-almost-as-long-as-hints-are-kept")))
        .as("they are gone until it has read its log")
        .contains("repair-cassandra-2");
  }

  /// Who has been restarted itself says that the node is away since then.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "up up ended-long-before",
        "up down ended-long-before",
        "down down ended-long-before",
        "up gone ended-long-before"
      })
  void repairsANodeThatEndedLongBeforeTheOthersThoughNobodyRemembers(String nodes) {
    assertThat(ids(plan(nodes)))
        .contains("repair-cassandra-2")
        .doesNotContain("repair-cassandra-0");
  }

  @Test
  void repairsOneNodeAfterAnotherThatCameBackTooLate() {
    Plan plan = plan("late up late");

    assertThat(ids(plan)).noneMatch(id -> id.startsWith("restart") || id.startsWith("fence"));
    assertThat(before(plan, "repair-cassandra-2")).contains("repair-cassandra-0");
  }

  @Test
  void mendsOneNodeAfterAnotherSoThatTheOthersHaveAQuorum() {
    Plan plan = plan("spoilt up spoilt");

    assertThat(before(plan, "set-damaged-aside-cassandra-0")).contains("fence-cassandra-0");
    assertThat(before(plan, "repair-cassandra-0")).contains("start-cassandra-0");
    assertThat(before(plan, "fence-cassandra-2")).contains("repair-cassandra-0");
    assertThat(before(plan, "protect")).contains("repair-cassandra-2");
  }

  @Test
  void replacesALostNodeOnceItIsStoppedAndItsVolumeIsEmpty() {
    Plan plan = plan("up up unjoined");

    assertThat(before(plan, "replace-cassandra-2"))
        .contains("fence-cassandra-2", "set-aside-cassandra-2");
    assertThat(before(plan, "start-cassandra-2")).contains("replace-cassandra-2");
    assertThat(before(plan, "repair-cassandra-2"))
        .contains("start-cassandra-2", "forget-start-cassandra-2");
    assertThat(step(plan, "set-aside-cassandra-2").destructive()).isTrue();
    assertThat(step(plan, "accept-cassandra-2").kind()).isEqualTo(StepKind.POINT_OF_NO_RETURN);
    assertThat(before(plan, "forget-start-cassandra-2")).contains("accept-cassandra-2");
  }

  @Test
  void replacesOneNodeAfterAnotherAndBringsBackWhatIsWholeFirst() {
    Plan plan = plan("up up up up gone gone down");

    assertThat(before(plan, "fence-cassandra-4")).contains("restart-cassandra-6", "await-ring");
    assertThat(before(plan, "fence-cassandra-5")).contains("forget-start-cassandra-4");
    assertThat(before(plan, "repair-cassandra-4"))
        .as("a repair wants all replicas")
        .contains("start-cassandra-5");
  }

  /// Pods come up with empty volumes by themselves while somebody reads the plan.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "gone emptied unjoined",
        "new-starting gone gone",
        "new-warming new-starting gone",
        "new new gone",
        "new new new"
      })
  void thePlanForALostStoreFitsAlsoOnceItsNodesCameUpEmpty(String nodes) {
    assertThat(plan(nodes).steps()).isEqualTo(plan("gone gone gone").steps());
  }

  @Test
  void bringsLostNodesBackAsTheyWereWhereTheOthersHaveNoQuorum() {
    Plan plan = plan("up down gone");

    assertThat(ids(plan)).doesNotContain("replace-cassandra-2");
    assertThat(before(plan, "restore-cassandra-2"))
        .contains("choose-restore-point", "set-aside-cassandra-2");
    assertThat(before(plan, "start-lost"))
        .as("those that are restarted may wait for it")
        .contains("restore-cassandra-2")
        .doesNotContain("restart-cassandra-1");
    assertThat(before(plan, "await-ring")).contains("accept-lost", "restart-cassandra-1");
    assertThat(step(plan, "accept-lost").kind()).isEqualTo(StepKind.POINT_OF_NO_RETURN);
    assertThat(step(plan, "start-lost").parameters())
        .containsEntry(StartNodes.HOSTS_FROM, "choose-restore-point");
    assertThat(ids(plan)).contains("repair-cassandra-2");
  }

  @Test
  void restoresAllNodesAtOnceAfterTheirClientsAreStopped() {
    Plan plan = plan("gone gone gone");

    for (int n = 0; n < 3; n++) {
      assertThat(before(plan, "restore-cassandra-" + n))
          .contains("choose-restore-point", "stop-capsule", "stop-plato")
          .contains("fence-cassandra-0", "fence-cassandra-1", "fence-cassandra-2")
          .doesNotContain("restore-cassandra-" + (n + 1) % 3);
      assertThat(before(plan, "start-ring")).contains("restore-cassandra-" + n);
    }
    assertThat(step(plan, "accept").kind()).isEqualTo(StepKind.POINT_OF_NO_RETURN);
    assertThat(before(plan, "start-capsule")).contains("accept");
    assertThat(before(plan, "protect")).contains("start-capsule", "start-plato");
  }

  @Test
  void comparesAllRowsBeforeAnybodyWrites() {
    Plan plan = plan("gone gone gone");

    assertThat(before(plan, "compare-rows")).contains("start-ring");
    assertThat(before(plan, "accept")).contains("compare-rows");
    assertThat(before(plan, "state-rows")).contains("verify", "start-capsule");
    assertThat(step(plan, "compare-rows").parameters())
        .containsEntry(CompareRows.MEMBERS, "cassandra-0,cassandra-1,cassandra-2")
        .containsEntry(CompareRows.WITHIN, "600");
  }

  @Test
  void givesEverythingBackUntilWhatWasRestoredIsAccepted() {
    Plan plan = plan("gone gone gone");
    Set<String> after = before(plan, "accept");

    plan.steps().stream()
        .filter(s -> after.contains(s.id()))
        .filter(s ->
            !Set.of("keep-evidence", "confirm", "choose-restore-point", "compare-rows")
                .contains(s.id()))
        .forEach(s -> assertThat(s.undoneTogether()).as(s.id()).contains("restore"));
  }

  @Test
  void waitsForTheWholeLogBeforeALivingRingGoesBack() {
    CassandraPlans.Target target =
        new CassandraPlans.Target(
            Instant.parse("2026-11-27T11:00:00Z"), Optional.empty(), List.of());
    Plan living = plans("up up up").dataCorrupted(target);
    Plan dead = plans("gone gone gone").dataCorrupted(target);

    assertThat(before(living, "fence-cassandra-0")).contains("await-end-of-log");
    assertThat(before(living, "await-end-of-log")).contains("stop-capsule", "stop-plato");
    assertThat(step(living, "choose-restore-point").parameters())
        .containsEntry(ChooseRestorePoint.TARGET, "2026-11-27T11:00:00Z");
    assertThat(before(living, "start-capsule"))
        .contains("forget-start-cassandra-0", "forget-start-cassandra-2");
    assertThat(ids(dead)).doesNotContain("await-end-of-log");
  }

  /// Until then a quorum may lack what was acknowledged.
  @Test
  void repairsANodeWhoseLogEndedBeforeClientsReturn() {
    RestorePoints.Behind behind =
        new RestorePoints.Behind(
            new MemberId("cassandra", 1), Instant.parse("2026-11-27T10:00:00Z"), true);
    Plan plan =
        plans("up up up")
            .dataCorrupted(
                new CassandraPlans.Target(
                    Instant.parse("2026-11-27T11:00:00Z"), Optional.empty(), List.of(behind)));

    assertThat(before(plan, "repair-cassandra-1")).contains("accept");
    assertThat(before(plan, "start-capsule")).contains("repair-cassandra-1");
    assertThat(before(plan, "repair-cassandra-0")).contains("start-capsule");
    assertThat(before(plan, "verify"))
        .contains("repair-cassandra-0", "repair-cassandra-1", "repair-cassandra-2");
    assertThat(plan.expectedLoss()).contains("cassandra-1 up to 2026-11-27T10:00:00Z");
  }

  private static boolean isRepair(String id) {
    return id.startsWith("repair-");
  }

  private static List<String> ids(Plan plan) {
    return plan.steps().stream().map(Step::id).toList();
  }

  private static Plan plan(String nodes) {
    return plans(nodes).plan().orElseThrow();
  }

  private static CassandraPlans plans(String nodes) {
    RingState ring = SeenRing.of(nodes);
    Datastore store = Objects.requireNonNull(STACK.datastores().get("cassandra"));
    return new CassandraPlans(
        STACK,
        store,
        Diagnosis.of(ring, SeenRing.past(nodes), SeenRing.NOW),
        ring,
        FORECAST,
        Map.of());
  }

  private static Step step(Plan plan, String id) {
    return plan.steps().stream().filter(s -> s.id().equals(id)).findFirst().orElseThrow();
  }

  /// All steps that a step waits for.
  private static Set<String> before(Plan plan, String id) {
    Set<String> before = new HashSet<>();
    for (String one : step(plan, id).after()) {
      before.add(one);
      before.addAll(before(plan, one));
    }
    return before;
  }
}
