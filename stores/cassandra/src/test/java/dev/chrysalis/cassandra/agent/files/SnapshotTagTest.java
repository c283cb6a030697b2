package dev.chrysalis.cassandra.agent.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SnapshotTagTest {
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");

  private final SnapshotTag nightly = SnapshotTag.of("nightly", NOON);

  @Test
  void isReadFromWhatItIsWrittenAs() {
    assertThat(SnapshotTag.parse(nightly.toString())).contains(nightly);
  }

  @Test
  void isNotReadFromWhatOthersCallTheirs() {
    assertThat(SnapshotTag.parse("before-upgrade")).isEmpty();
    assertThat(SnapshotTag.parse("chrysalis-of-somebody")).isEmpty();
    assertThat(SnapshotTag.parse("chrysalis-99999999999999-x")).isEmpty();
  }

  @Test
  void isOldOnceNoCopyWouldTakeSoLong() {
    assertThat(nightly.isOld(NOON.plus(Duration.ofHours(3)))).isFalse();
    assertThat(nightly.isOld(NOON.plus(Duration.ofDays(2)))).isTrue();
  }
}
