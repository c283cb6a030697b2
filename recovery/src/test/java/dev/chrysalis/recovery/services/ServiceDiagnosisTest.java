package dev.chrysalis.recovery.services;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Service;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Member.Phase;
import dev.chrysalis.platform.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What each fault of a service is found to be.
class ServiceDiagnosisTest {
  private static final Instant NOW = Instant.parse("2026-11-26T06:00:00Z");
  private static final Instant JUST_NOW = NOW.minusSeconds(5);
  private static final Instant LONG_AGO = NOW.minusSeconds(600);
  private static final MemberId FIRST = new MemberId("capsule", 0);
  private static final MemberId SECOND = new MemberId("capsule", 1);
  private static final KnownReplicas RUNS = new KnownReplicas.Unknown();
  private static final List<String> NOTHING = List.of();
  private static final List<String> DATABASE = List.of("postgres");

  @Test
  void isWellWhenAsManyAreReadyAsAreWanted() {
    assertThat(of(NOTHING, ready(FIRST, 1), ready(SECOND, 1))).isEqualTo(new ServiceState.Well());
  }

  @Test
  void isWellWhileARolloutKeepsAllReady() {
    assertThat(at(2, List.of(1), NOTHING, ready(FIRST, 1), ready(SECOND, 2)))
        .isEqualTo(new ServiceState.Well());
  }

  @Test
  void hangsWhenItsProcessAnswersNothingWhateverElseIsBroken() {
    Member hung = member(FIRST, Phase.RUNNING, 1, LONG_AGO);
    assertThat(of(NOTHING, hung, ready(SECOND, 1)))
        .isEqualTo(new ServiceState.Hung(List.of(FIRST)));
    assertThat(of(DATABASE, hung, ready(SECOND, 1)))
        .isEqualTo(new ServiceState.Hung(List.of(FIRST)));
  }

  @Test
  void hangsAlsoWhereItsProbeHasNotSeenItYet() {
    ServiceView view =
        new ServiceView(
            service(),
            workload(1, List.of(1), 2, ready(FIRST, 1), ready(SECOND, 1)),
            RUNS,
            Set.of(SECOND),
            Set.of(SECOND),
            Set.of(),
            NOW);

    assertThat(ServiceDiagnosis.of(view, NOTHING)).isEqualTo(new ServiceState.Hung(List.of(FIRST)));
  }

  @Test
  void doesNotHangWhileARolloutEndsAMemberOfTheOlderRevision() {
    Member ending = member(FIRST, Phase.RUNNING, 1, LONG_AGO);
    Member gone = member(FIRST, Phase.STOPPED, 1, JUST_NOW);

    assertThat(at(2, List.of(1), NOTHING, ending, ready(SECOND, 1)))
        .isEqualTo(new ServiceState.Starting(List.of(FIRST)));
    assertThat(at(2, List.of(1), NOTHING, gone, ready(SECOND, 2)))
        .isEqualTo(new ServiceState.Starting(List.of(FIRST)));
  }

  @Test
  void hangsWithAnOlderRevisionWhereTheRolloutGetsNoFurther() {
    Member hung = member(FIRST, Phase.RUNNING, 1, LONG_AGO);
    Member young = member(SECOND, Phase.STARTING, 2, JUST_NOW);

    assertThat(at(2, List.of(1), NOTHING, hung, young))
        .isEqualTo(new ServiceState.Hung(List.of(FIRST)));
  }

  @Test
  void isNotRolledBackWhenItSaysThatItIsReadyAndNoProbeHasSeenItYet() {
    Member slow = member(FIRST, Phase.STARTING, 2, LONG_AGO);
    ServiceView view =
        new ServiceView(
            service(),
            workload(2, List.of(1), 2, slow, ready(SECOND, 1)),
            RUNS,
            Set.of(FIRST, SECOND),
            Set.of(FIRST, SECOND),
            Set.of(),
            NOW);

    assertThat(ServiceDiagnosis.of(view, NOTHING))
        .isEqualTo(new ServiceState.Starting(List.of(FIRST)));
  }

  @Test
  void waitsForWhatItNeedsAndIsNotRestarted() {
    ServiceState state =
        answering(DATABASE, member(FIRST, Phase.RUNNING, 1, LONG_AGO), ready(SECOND, 1));
    assertThat(state).isEqualTo(new ServiceState.Waits(DATABASE));
    assertThat(state.remedy()).isEqualTo(Remedy.AWAIT);
  }

  @Test
  void isRolledBackWhenANewRevisionCrashesAndAnOlderOneWasReady() {
    assertThat(
            at(
                3,
                List.of(1, 2),
                NOTHING,
                member(FIRST, Phase.CRASH_LOOPING, 3, JUST_NOW),
                ready(SECOND, 2)))
        .isEqualTo(new ServiceState.BadRelease(3, 2));
  }

  @Test
  void isRolledBackWhenANewRevisionRunsButDoesNotGetReadyInItsTime() {
    Member slow = member(FIRST, Phase.STARTING, 2, LONG_AGO);
    assertThat(at(2, List.of(1), NOTHING, slow, ready(SECOND, 1)))
        .isEqualTo(new ServiceState.BadRelease(2, 1));
    Member young = member(FIRST, Phase.STARTING, 2, JUST_NOW);
    assertThat(at(2, List.of(1), NOTHING, young, ready(SECOND, 1)))
        .isEqualTo(new ServiceState.Starting(List.of(FIRST)));
  }

  @Test
  void blamesTheReleaseBesideABrokenStoreOnlyWhereTheOldOneIsReady() {
    Member crashing = member(FIRST, Phase.CRASH_LOOPING, 2, JUST_NOW);
    assertThat(at(2, List.of(1), DATABASE, crashing, ready(SECOND, 1)))
        .isEqualTo(new ServiceState.BadRelease(2, 1));
    assertThat(at(2, List.of(1), DATABASE, crashing)).isEqualTo(new ServiceState.Waits(DATABASE));
  }

  @Test
  void isRestartedWhenItCrashesWithARevisionThatWasReadyOrTheOnlyOne() {
    Member crashing = member(FIRST, Phase.CRASH_LOOPING, 1, LONG_AGO);
    assertThat(of(NOTHING, crashing, ready(SECOND, 1)))
        .isEqualTo(new ServiceState.Ended(List.of(FIRST), "exit 3"));
    assertThat(at(1, List.of(), NOTHING, crashing))
        .isEqualTo(new ServiceState.Ended(List.of(FIRST), "exit 3"));
  }

  @Test
  void isLeftToStartByItselfForAsLongAsItMayTake() {
    assertThat(of(NOTHING, member(FIRST, Phase.STARTING, 1, JUST_NOW), ready(SECOND, 1)))
        .isEqualTo(new ServiceState.Starting(List.of(FIRST)));
    assertThat(of(NOTHING, member(FIRST, Phase.STARTING, 1, LONG_AGO), ready(SECOND, 1)))
        .isEqualTo(new ServiceState.NotReady(List.of(FIRST)));
  }

  @Test
  void isNotReadyForAReasonOfItsOwnWhereWhatItNeedsIsWell() {
    assertThat(answering(NOTHING, member(FIRST, Phase.RUNNING, 1, LONG_AGO), ready(SECOND, 1)))
        .isEqualTo(new ServiceState.NotReady(List.of(FIRST)));
  }

  @Test
  void isNotRestartedWhenItSaysThatItIsReadyAndNoProbeHasSeenItYet() {
    Member first = member(FIRST, Phase.RUNNING, 1, LONG_AGO);
    assertThat(answering(Set.of(FIRST), NOTHING, first, ready(SECOND, 1)))
        .isEqualTo(new ServiceState.Starting(List.of(FIRST)));
  }

  @Test
  void isStartedAsDeclaredOrSeenWhereItWasScaledAway() {
    ServiceState declared = scaledAway(new KnownReplicas.Declared(2));
    assertThat(declared.remedy()).isEqualTo(Remedy.SCALE_UP);
    assertThat(declared.text()).isEqualTo("is scaled to 0 replicas; 2 are declared");
    ServiceState seen = scaledAway(new KnownReplicas.Seen(1, LONG_AGO));
    assertThat(seen.remedy()).isEqualTo(Remedy.SCALE_UP);
    assertThat(seen.text())
        .isEqualTo("is scaled to 0 replicas; 1 was seen on 2026-11-26T05:50:00Z");
  }

  @Test
  void isLeftAloneWhereItWasScaledAwayAndNobodyKnowsHowManyItHad() {
    ServiceState unknown = scaledAway(new KnownReplicas.Unknown());
    assertThat(unknown.remedy()).isEqualTo(Remedy.NONE);
    assertThat(unknown.text()).contains("declare `replicas` of it");
  }

  private static ServiceState scaledAway(KnownReplicas before) {
    return ServiceDiagnosis.of(
        new ServiceView(
            service(), workload(1, List.of(1), 0), before, Set.of(), Set.of(), Set.of(), NOW),
        NOTHING);
  }

  private static ServiceState of(List<String> broken, Member... members) {
    return at(1, List.of(1), broken, members);
  }

  private static ServiceState at(
      int revision, List<Integer> proven, List<String> broken, Member... members) {
    return ServiceDiagnosis.of(
        new ServiceView(
            service(),
            workload(revision, proven, 2, members),
            RUNS,
            and(Set.of(), members),
            and(Set.of(), members),
            Set.of(),
            NOW),
        broken);
  }

  private static ServiceState answering(List<String> broken, Member... members) {
    return answering(Set.of(), broken, members);
  }

  private static ServiceState answering(
      Set<MemberId> healthy, List<String> broken, Member... members) {
    return ServiceDiagnosis.of(
        new ServiceView(
            service(),
            workload(1, List.of(1), 2, members),
            RUNS,
            and(Set.of(FIRST), members),
            and(healthy, members),
            Set.of(),
            NOW),
        broken);
  }

  /// These, and those that are ready.
  private static Set<MemberId> and(Set<MemberId> these, Member... members) {
    Set<MemberId> all = new HashSet<>(these);
    Stream.of(members).filter(Member::ready).map(Member::id).forEach(all::add);
    return all;
  }

  private static Service service() {
    return new Service(
        "capsule",
        "capsule",
        List.of("postgres"),
        2,
        8080,
        "/health",
        Duration.ofMinutes(1),
        null,
        List.of());
  }

  private static Workload workload(
      int revision, List<Integer> proven, int replicas, Member... members) {
    return new Workload(
        "capsule",
        Workload.Kind.DEPLOYMENT,
        replicas,
        revision,
        List.of(1, 2, 3),
        proven,
        Map.of(),
        List.of(members));
  }

  private static Member ready(MemberId id, int revision) {
    return new Member(id, "127.0.0.1", Phase.RUNNING, true, 0, revision, LONG_AGO, "");
  }

  private static Member member(MemberId id, Phase phase, int revision, Instant since) {
    return new Member(id, "127.0.0.1", phase, false, 0, revision, since, "exit 3");
  }
}
