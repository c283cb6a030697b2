package dev.chrysalis.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RingStatusTest {
  @Test
  void aRingIsWholeWhileEveryNodeTakesClients() {
    assertThat(RingStatus.of(List.of())).isEqualTo(new RingStatus(0, 3));
    assertThat(new RingStatus(2, 3).whole()).isFalse();
    assertThat(new RingStatus(3, 3).whole()).isTrue();
  }
}
