package dev.chrysalis.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.recovery.ProofAge;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProofPaceTest {
  private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");

  private final ProofPace pace = new ProofPace();

  @Test
  void triesTheSameAgainAnHourAfterItEnded() {
    assertThat(pace.allows("postgres", ProofAge.Kind.RESTORED, NOW)).isTrue();
    pace.tried("postgres", ProofAge.Kind.RESTORED, NOW);

    assertThat(pace.allows("postgres", ProofAge.Kind.RESTORED, NOW.plusSeconds(3599))).isFalse();
    assertThat(pace.allows("postgres", ProofAge.Kind.RESTORED, NOW.plus(Duration.ofHours(1))))
        .isTrue();
  }

  @Test
  void keepsNoDatastoreWaitingForAnother() {
    pace.tried("postgres", ProofAge.Kind.RESTORED, NOW);

    assertThat(pace.allows("cassandra", ProofAge.Kind.RESTORED, NOW)).isTrue();
    assertThat(pace.allows("postgres", ProofAge.Kind.VERIFIED, NOW)).isTrue();
  }
}
