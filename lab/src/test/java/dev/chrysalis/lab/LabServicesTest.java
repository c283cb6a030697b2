package dev.chrysalis.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class LabServicesTest {
  @Test
  void perceptionIsAlwaysThereAndTheOthersAreSorted() {
    LabServices services = LabServices.parse("nexus, capsule,nexus");
    assertThat(services.all())
        .containsExactly(LabService.PERCEPTION, LabService.CAPSULE, LabService.NEXUS);
    assertThat(services).hasToString("perception,capsule,nexus");
    assertThat(LabServices.parse(services.toString())).isEqualTo(services);
  }

  @Test
  void nexusNeedsWhatThereIsOfTheOthers() {
    assertThat(LabServices.parse("nexus,plato").needsOf(LabService.NEXUS))
        .containsExactly(LabService.PERCEPTION, LabService.PLATO);
    assertThat(LabServices.WHOLE.needsOf(LabService.PLATO)).isEmpty();
  }

  @Test
  void aRingIsThereForCapsuleAndForPlatoAndForNobodyElse() {
    assertThat(LabServices.parse("capsule").needCassandra()).isTrue();
    assertThat(LabServices.parse("plato").needCassandra()).isTrue();
    assertThat(LabServices.parse("odyssey,nexus").needCassandra()).isFalse();
    assertThat(LabAddresses.ports(LabServices.parse("plato"))).contains(9042, 7199, 7000);
    assertThat(LabAddresses.ports(LabServices.parse("odyssey"))).doesNotContain(9042, 7199, 7000);
  }

  @Test
  void anUnknownServiceIsRefusedWithTheServicesThatThereAre() {
    for (String text : new String[] {"perception,cassandra", "", "nexus,"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> LabServices.parse(text))
          .withMessageContaining("there are: perception, capsule, odyssey, plato, nexus");
    }
  }
}
