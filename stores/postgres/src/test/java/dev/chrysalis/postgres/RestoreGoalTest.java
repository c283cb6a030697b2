package dev.chrysalis.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestoreGoalTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "latest",
        "2026-11-23T02:15:30.123456Z",
        "lsn:0/3000148",
        "xid:12345",
        "before-xid:12345",
        "name:before the release: 1.2"
      })
  void writesWhatItReads(String text) {
    assertThat(RestoreGoal.parse(text)).hasToString(text);
  }

  @Test
  void readsATimeWithAnOffset() {
    assertThat(RestoreGoal.parse("2026-11-23T04:15:30+02:00"))
        .isEqualTo(new RestoreGoal.AtTime(Instant.parse("2026-11-23T02:15:30Z")));
  }

  @Test
  void readsATransactionWithItsEpoch() {
    assertThat(RestoreGoal.parse("xid:4294979641")).isEqualTo(RestoreGoal.parse("xid:12345"));
  }

  @Test
  void saysWhyATimeWithoutAZoneIsRefused() {
    assertThatThrownBy(() -> RestoreGoal.parse("2026-11-23T02:15:30"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has no zone: on two machines it is two moments")
        .hasMessageContaining("say 2026-11-23T02:15:30Z for UTC");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "lsn:",
        "lsn:3000148",
        "xid:0",
        "xid:-7",
        "xid:abc",
        "before-xid:",
        "name:"
      })
  void refusesWhatIsNoGoal(String text) {
    assertThatThrownBy(() -> RestoreGoal.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
