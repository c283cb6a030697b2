package dev.chrysalis.recovery.services;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Service;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What services that need one another are found to suffer from, in the seconds in which probes are
/// behind as well.
class ServiceCausesTest {
  private static final Instant NOW = Instant.parse("2026-11-26T06:00:00Z");
  private static final MemberId PERCEPTION = new MemberId("perception", 0);
  private static final MemberId NEXUS = new MemberId("nexus", 0);

  @Test
  void blamesTheStoreForAServiceTwoStepsAwayWhileTheOneBetweenWasReadyWhenItWasProbed() {
    assertThat(nexus(perception(true, true), Set.of("postgres")))
        .isEqualTo(new ServiceState.Waits(List.of("postgres")));
  }

  @Test
  void blamesTheServiceThatSaysThatItIsNotReadyAlsoWhereNoProbeHasSeenItYet() {
    assertThat(nexus(perception(true, false), Set.of()))
        .isEqualTo(new ServiceState.Waits(List.of("perception")));
  }

  @Test
  void blamesNobodyWhereAllThatItNeedsServes() {
    assertThat(nexus(perception(true, true), Set.of()))
        .isEqualTo(new ServiceState.NotReady(List.of(NEXUS)));
  }

  private static ServiceState nexus(ServiceView perception, Set<String> brokenStores) {
    ServiceView nexus = view("nexus", List.of("perception"), NEXUS, false, false);
    return ServiceViews.situations(List.of(perception, nexus), brokenStores).getLast().state();
  }

  private static ServiceView perception(boolean probed, boolean healthy) {
    return view("perception", List.of("postgres"), PERCEPTION, probed, healthy);
  }

  private static ServiceView view(
      String name, List<String> needs, MemberId id, boolean probed, boolean healthy) {
    Member member =
        new Member(id, "127.0.0.1", Member.Phase.RUNNING, probed, 0, 1, NOW.minusSeconds(600), "");
    return new ServiceView(
        new Service(name, name, needs, 1, 8080, "/health", Duration.ofMinutes(1), null, List.of()),
        new Workload(
            name,
            Workload.Kind.DEPLOYMENT,
            1,
            1,
            List.of(1),
            List.of(1),
            Map.of(),
            List.of(member)),
        new KnownReplicas.Unknown(),
        Set.of(id),
        healthy ? Set.of(id) : Set.of(),
        Set.of(),
        NOW);
  }
}
