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
  void anUnknownServiceIsRefusedWithTheServicesThatThereAre() {
    for (String text : new String[] {"perception,cassandra", "", "nexus,"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> LabServices.parse(text))
          .withMessageContaining("there are: perception, capsule, odyssey, plato, nexus");
    }
  }
}
