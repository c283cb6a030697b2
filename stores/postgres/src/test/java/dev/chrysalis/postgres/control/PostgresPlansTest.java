package dev.chrysalis.postgres.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepKind;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PostgresPlansTest {
  private static final MemberId FIRST = new MemberId("postgres", 0);
  private static final MemberId SECOND = new MemberId("postgres", 1);
  private static final Stack STACK =
      StackFile.parse(
          "stack.yaml",
          """
          version: 1
          stack: butterfly
          platform: {kind: process, directory: /srv/platform}
          vault: {location: /srv/vault, passphraseFile: /srv/passphrase}
          services:
            perception: {needs: [postgres]}
          datastores:
            postgres:
              kind: postgresql
              clients: [{service: perception, variable: POSTGRES_HOST}]
          """);

  private static PostgresPlans plans() {
    return new PostgresPlans(
        STACK,
        STACK.datastores().values().iterator().next(),
        new Situation.AllWell(FIRST),
        new PostgresPlans.Forecast(
            Duration.ofSeconds(9), Duration.ofSeconds(2), Duration.ofSeconds(5), "3 s", Map.of()));
  }

  static Stream<Plan> all() {
    return Stream.of(
        plans().primaryDown(FIRST),
        plans().primaryLost(List.of(FIRST)),
        plans().replicasDown(FIRST, List.of(SECOND)),
        plans().replicasLost("replica-lost", FIRST, List.of(SECOND), List.of()),
        plans().storeLost(List.of(FIRST, SECOND)),
        corrupted());
  }

  private static Plan corrupted() {
    return Disaster.DATA_CORRUPTED.plan(new Situation.AllWell(FIRST));
  }

  @Test
  void leavesNothingOutThatTheVaultDoesNotHave() {
    Plan plan = corrupted();

    assertThat(before(plan, "await-wal")).contains("choose-restore-point", "stop-perception");
    for (String id : List.of("fence-postgres-0", "fence-postgres-1", "set-aside-postgres-0")) {
      assertThat(before(plan, id)).contains("await-wal");
    }
    assertThat(plan.expectedLoss()).contains("3 commits").contains("2026-11-23T02:15:21Z");
    assertThat(plan.objective()).isEqualTo(Duration.ofHours(2));
  }

  @Test
  void endsTheRecoveryOnlyWhereTheTargetWasVerified() {
    Plan plan = corrupted();

    assertThat(before(plan, "end-recovery")).contains("verify-target", "recover-postgres-0");
    assertThat(plan.steps().stream().filter(Step::needsApproval))
        .extracting(Step::id)
        .containsExactly("set-aside-postgres-0", "end-recovery");
    assertThat(step(plan, "verify-target").undoneTogether()).contains("restore");
    assertThat(step(plan, "await-wal").undoneTogether()).contains("restore");
  }

  @ParameterizedTest
  @MethodSource("all")
  void keepsEvidenceBeforeAnythingElse(Plan plan) {
    assertThat(plan.steps().getFirst().id()).isEqualTo("keep-evidence");
    plan.steps().stream()
        .skip(1)
        .forEach(s -> assertThat(before(plan, s.id())).contains("keep-evidence"));
  }

  @ParameterizedTest
  @MethodSource("all")
  void endsWithTheChecklistAfterEverythingElse(Plan plan) {
    Step last = plan.steps().getLast();

    assertThat(last.action()).isEqualTo("checklist.verify");
    assertThat(before(plan, last.id())).hasSize(plan.steps().size() - 1);
  }

  @Test
  void fencesTheOldPrimaryBeforeAStandbyIsChosenOrPromoted() {
    Plan plan = plans().primaryLost(List.of(FIRST));

    assertThat(before(plan, "catch-up")).contains("fence-postgres-0");
    assertThat(before(plan, "promote")).contains("fence-postgres-0", "catch-up");
    assertThat(step(plan, "promote").kind()).isEqualTo(StepKind.POINT_OF_NO_RETURN);
  }

  @Test
  void bringsClientsBackBeforeTheReplicaIsRebuilt() {
    Plan plan = plans().primaryLost(List.of(FIRST));

    assertThat(before(plan, "set-aside-postgres-0")).contains("point-perception");
    Plan store = plans().storeLost(List.of(FIRST, SECOND));
    assertThat(before(store, "set-aside-postgres-1")).contains("start-perception");

    assertThat(before(plan, "point-perception"))
        .contains("promote")
        .doesNotContain("restore-postgres-0", "join-postgres-0");
  }

  @Test
  void checksTheRestorePointBeforeAnythingIsStoppedOrSetAside() {
    Plan plan = plans().storeLost(List.of(FIRST, SECOND));

    for (String id : List.of("stop-perception", "fence-postgres-0", "set-aside-postgres-0")) {
      assertThat(before(plan, id)).contains("choose-restore-point");
    }
  }

  @Test
  void stopsTheWritersAndEveryMemberBeforeItRestores() {
    Plan plan = plans().storeLost(List.of(FIRST, SECOND));

    assertThat(before(plan, "restore-postgres-0"))
        .contains(
            "stop-perception", "fence-postgres-0", "fence-postgres-1", "set-aside-postgres-0");
  }

  @Test
  void givesEverythingBackWhenARestoreFailsBeforeThePointOfNoReturn() {
    Plan plan = plans().storeLost(List.of(FIRST, SECOND));

    assertThat(plan.steps().stream().filter(s -> s.undoneTogether().isPresent()).map(Step::id))
        .containsExactlyInAnyOrder(
            "stop-perception",
            "fence-postgres-0",
            "fence-postgres-1",
            "set-aside-postgres-0",
            "restore-postgres-0",
            "recover-postgres-0");
    assertThat(step(plan, "end-recovery").kind()).isEqualTo(StepKind.POINT_OF_NO_RETURN);
  }

  @ParameterizedTest
  @MethodSource("all")
  void looksAgainUnderTheLeaseBeforeAnythingIsTouched(Plan plan) {
    plan.steps().stream()
        .skip(2)
        .forEach(s -> assertThat(before(plan, s.id())).contains("confirm"));
  }

  @Test
  void asksForApprovalOfWhatCannotBeTakenBack() {
    assertThat(plans().storeLost(List.of(FIRST)).steps().stream().filter(Step::needsApproval))
        .extracting(Step::id)
        .containsExactly("set-aside-postgres-0", "end-recovery");
    assertThat(plans().replicasLost("replica-lost", FIRST, List.of(SECOND), List.of()).steps())
        .noneMatch(Step::needsApproval);
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
