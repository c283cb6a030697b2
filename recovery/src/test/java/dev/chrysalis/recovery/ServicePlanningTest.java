package dev.chrysalis.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Volume;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.postgres.control.MemberView;
import dev.chrysalis.postgres.control.PostgresPlans;
import dev.chrysalis.postgres.control.RestoreGround;
import dev.chrysalis.postgres.control.Situation;
import dev.chrysalis.recovery.postgres.PostgresPlanner;
import dev.chrysalis.recovery.postgres.PostgresState;
import dev.chrysalis.recovery.services.KnownReplicas;
import dev.chrysalis.recovery.services.ServiceSituation;
import dev.chrysalis.recovery.services.ServiceState;
import dev.chrysalis.recovery.services.ServiceView;
import dev.chrysalis.recovery.store.StoreSituation;
import dev.chrysalis.workloads.RestartMember;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Which scenario faults of services add up to, and which steps answer it.
class ServicePlanningTest {
  private static final MemberId DATABASE = new MemberId("postgres", 0);
  private static final MemberId STANDBY = new MemberId("postgres", 1);
  private static final Situation WELL = new Situation.AllWell(DATABASE);
  private static final Situation DOWN = new Situation.PrimaryDown(DATABASE);

  private static final Map<String, Duration> MEASURED =
      Map.of(RestartMember.NAME, Duration.ofSeconds(42));

  private static final Stack STACK =
      StackFile.parse(
          "stack.yaml",
          """
          version: 1
          stack: butterfly
          platform: {kind: process, directory: /srv/platform}
          vault: {location: /srv/vault, passphraseFile: /srv/passphrase}
          services:
            nexus: {needs: [perception, capsule]}
            perception: {needs: [postgres]}
            capsule: {}
          datastores:
            postgres:
              kind: postgresql
              clients: [{service: perception, variable: POSTGRES_HOST}]
          """);

  @Test
  void expectsOfAServiceWhatItsRestartTookInRunsSoFar() {
    Plan plan = plan(found(WELL, well("perception"), hung("capsule"), well("nexus")));

    assertThat(step(plan, "restart-capsule-0").expected()).isEqualTo(Duration.ofSeconds(42));
    assertThat(step(plan, "await-capsule").expected()).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void restartsWhatHangsSideBySideAndVerifies() {
    Plan plan = plan(found(WELL, well("perception"), hung("capsule"), well("nexus")));

    assertThat(plan.scenario()).isEqualTo("service-down");
    assertThat(plan.objective()).isEqualTo(Duration.ofMinutes(15));
    assertThat(ids(plan))
        .containsExactly(
            "keep-services-evidence",
            "confirm-services",
            "restart-capsule-0",
            "restart-capsule-1",
            "await-capsule",
            "verify");
    assertThat(step(plan, "restart-capsule-1").after()).containsExactly("confirm-services");
    assertThat(plan.summary()).isEqualTo("Restart capsule.");
  }

  @Test
  void rollsBackAndPointsTheOldRevisionAtThePrimaryOfNow() {
    ServiceSituation bad = situation("perception", new ServiceState.BadRelease(4, 3), 1);
    Plan plan = plan(found(WELL, bad, well("capsule"), well("nexus")));

    assertThat(step(plan, "roll-back-perception").parameters()).containsEntry("revision", "3");
    assertThat(step(plan, "point-perception-at-postgres").parameters())
        .containsEntry("primary", "postgres-0");
    assertThat(step(plan, "await-perception").after())
        .containsExactly("point-perception-at-postgres");
  }

  @Test
  void pointsTheOldRevisionAtThePrimaryAlsoWhileAStandbyIsDown() {
    ServiceSituation bad = situation("perception", new ServiceState.BadRelease(4, 3), 1);
    Situation without = new Situation.ReplicaDown(DATABASE, List.of(STANDBY));
    Plan plan = plan(found(without, bad, well("capsule"), well("nexus")));

    assertThat(plan.scenario()).isEqualTo("replica-down");
    assertThat(step(plan, "point-perception-at-postgres").parameters())
        .containsEntry("primary", "postgres-0");
  }

  @Test
  void startsEachAfterWhatItNeedsWhenAllIsDown() {
    Assessment found = found(DOWN, hung("perception"), hung("capsule"), hung("nexus"));
    Plan plan = plan(found);

    assertThat(found.scenario()).isEqualTo("all-down");
    assertThat(plan.scenario()).isEqualTo("all-down");
    assertThat(step(plan, "restart-postgres-1").after()).containsExactly("restart-postgres-0");
    assertThat(step(plan, "restart-perception-0").after())
        .containsExactlyInAnyOrder("confirm-services", "restart-postgres-0");
    assertThat(step(plan, "restart-capsule-0").after()).containsExactly("confirm-services");
    assertThat(step(plan, "restart-nexus-0").after()).contains("await-perception", "await-capsule");
    assertThat(plan.steps().getLast().id()).isEqualTo("verify");
  }

  @Test
  void handlesTheDeeperOfTwoFaultsFirstAndTheOtherInTheSamePlan() {
    ServiceSituation waits =
        situation("perception", new ServiceState.Waits(List.of("postgres")), 0);
    Assessment found = found(DOWN, waits, hung("capsule"), well("nexus"));
    Plan plan = plan(found);

    assertThat(found.scenario()).isEqualTo("primary-down");
    assertThat(ids(plan)).contains("restart-postgres-0", "restart-capsule-0");
    assertThat(ids(plan)).doesNotContain("restart-perception-0", "await-perception");
  }

  @Test
  void startsAsManyAsWereSeenWhereAServiceWasScaledAwayAndSaysSo() {
    Plan plan = plan(found(WELL, seen("perception", 3), declared("capsule", 1), well("nexus")));

    assertThat(step(plan, "start-perception").title())
        .isEqualTo("Start perception with 3 replicas, as seen on 2026-11-26T06:00:00Z");
    assertThat(step(plan, "start-perception").parameters()).containsEntry("replicas", "3");
    assertThat(step(plan, "start-capsule").title())
        .isEqualTo("Start capsule with 1 replica, as declared");
  }

  @Test
  void doesNotCallItTroubleThatAServiceIsScaledAwayOfWhichNobodyKnowsHowManyItHad() {
    ServiceState unknown = new ServiceState.ScaledAway(new KnownReplicas.Unknown());
    ServiceSituation away = situation("capsule", unknown, 0);

    assertThat(found(WELL, well("perception"), away, well("nexus")).allWell()).isTrue();
  }

  @Test
  void bringsBackWhatWasSeenOfAServiceThatIsScaledAwayWhenItsStoreIsRestored() {
    Situation lost = new Situation.StoreLost(List.of(DATABASE, STANDBY));
    Plan plan = plan(found(lost, seen("perception", 3), well("capsule"), well("nexus")));

    assertThat(step(plan, "stop-perception").parameters()).containsEntry("otherwise", "3");
    assertThat(step(plan, "start-perception").parameters())
        .containsEntry("stopped-by", "stop-perception");
  }

  @Test
  void startsAServiceThatIsScaledAwayAlsoWhereItIsPointedAtAnotherPrimary() {
    Situation lost = new Situation.PrimaryLost(List.of(DATABASE), List.of(STANDBY));
    Plan plan = plan(found(lost, seen("perception", 3), well("capsule"), well("nexus")));

    assertThat(step(plan, "start-perception").parameters()).containsEntry("replicas", "3");
    assertThat(step(plan, "start-perception").after()).contains("point-perception");
  }

  @Test
  void restartsWhatNeedsAServiceThatWaitsForTheDatabaseAfterTheDatabase() {
    ServiceSituation waits =
        situation("perception", new ServiceState.Waits(List.of("postgres")), 0);
    Plan plan = plan(found(DOWN, waits, well("capsule"), hung("nexus")));

    assertThat(step(plan, "restart-nexus-0").after())
        .containsExactlyInAnyOrder("confirm-services", "restart-postgres-0");
  }

  @Test
  void rollsABadReleaseOfAClientBackBeforeItIsToldOfAnotherPrimary() {
    ServiceSituation bad = situation("perception", new ServiceState.BadRelease(4, 3), 1);
    Situation lost = new Situation.PrimaryLost(List.of(DATABASE), List.of(STANDBY));
    Plan plan = plan(found(lost, bad, well("capsule"), hung("nexus")));

    assertThat(step(plan, "roll-back-perception").parameters())
        .containsEntry("revision", "3")
        .containsEntry("from", "4");
    assertThat(step(plan, "point-perception").after()).contains("roll-back-perception");
    assertThat(step(plan, "restart-nexus-0").after()).contains("point-perception");
    assertThat(ids(plan)).doesNotContain("await-perception");
  }

  @Test
  void doesNotCallARolloutThatServesTrouble() {
    ServiceSituation rolling =
        situation("capsule", new ServiceState.Starting(List.of(new MemberId("capsule", 1))), 1);

    assertThat(found(WELL, well("perception"), rolling, well("nexus")).allWell()).isTrue();
  }

  @Test
  void refusesToRestartServicesWhereNoneIsDown() {
    Assessment found = found(WELL, well("perception"), well("capsule"), well("nexus"));

    assertThatThrownBy(() -> planner().plan(found, Optional.of("service-down"), Optional.empty()))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(RecoveryErrors.NOTHING_TO_RECOVER));
  }

  private static Assessment found(Situation store, ServiceSituation... services) {
    List<StoreSituation> stores =
        List.of(
            new StoreSituation(
                "postgres", new PostgresState(store, List.of(view(DATABASE), view(STANDBY)))));
    return new Assessment(
        Instant.EPOCH,
        Scenarios.of(stores, List.of(services)),
        List.of(),
        stores,
        List.of(services));
  }

  private static Plan plan(Assessment found) {
    return planner().plan(found, Optional.empty(), Optional.empty());
  }

  private static Planner planner() {
    PostgresPlans.Forecast forecast =
        new PostgresPlans.Forecast(
            Duration.ofSeconds(9), Duration.ofSeconds(2), Duration.ofSeconds(5), "3 s", MEASURED);
    return new Planner(
        STACK,
        MEASURED,
        store ->
            new PostgresPlanner(
                STACK,
                STACK.datastores().get(store.datastore()),
                forecast,
                Optional.empty(),
                RestoreGround.FRESH));
  }

  private static ServiceSituation well(String name) {
    return situation(name, new ServiceState.Well(), 2);
  }

  private static ServiceSituation seen(String name, int count) {
    Instant at = Instant.parse("2026-11-26T06:00:00Z");
    return situation(name, new ServiceState.ScaledAway(new KnownReplicas.Seen(count, at)), 0);
  }

  private static ServiceSituation declared(String name, int count) {
    return situation(name, new ServiceState.ScaledAway(new KnownReplicas.Declared(count)), 0);
  }

  private static ServiceSituation hung(String name) {
    List<MemberId> members = List.of(new MemberId(name, 0), new MemberId(name, 1));
    return situation(name, new ServiceState.Hung(members), 0);
  }

  private static ServiceSituation situation(String name, ServiceState state, int ready) {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      members.add(member(new MemberId(name, i), i < ready));
    }
    Workload workload =
        new Workload(
            name, Workload.Kind.DEPLOYMENT, 2, 4, List.of(3, 4), List.of(3), Map.of(), members);
    ServiceView view =
        new ServiceView(
            java.util.Objects.requireNonNull(STACK.services().get(name)),
            workload,
            state instanceof ServiceState.ScaledAway away
                ? away.before()
                : new KnownReplicas.Unknown(),
            Set.of(),
            members.stream().limit(ready).map(Member::id).collect(Collectors.toSet()),
            Set.of(),
            Instant.EPOCH);
    return new ServiceSituation(name, state, view);
  }

  private static MemberView view(MemberId id) {
    Map<String, String> status =
        Map.of("data", "initialised", "data.standbySignal", "" + id.equals(STANDBY));
    return new MemberView(member(id, false), new Volume(Volume.State.PRESENT, false, 1, 1), status);
  }

  private static Member member(MemberId id, boolean ready) {
    return new Member(id, "127.0.0.1", Member.Phase.RUNNING, ready, 0, 4, Instant.EPOCH, "");
  }

  private static List<String> ids(Plan plan) {
    return plan.steps().stream().map(Step::id).toList();
  }

  private static Step step(Plan plan, String id) {
    return plan.steps().stream().filter(s -> s.id().equals(id)).findFirst().orElseThrow();
  }
}
