package dev.chrysalis.redis.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class FileGrowthTest {
  private static Instant at(long milli) {
    return Instant.ofEpochMilli(milli);
  }

  @Test
  void saysByWhenBytesWereThereAndUntilWhenTheyWereNot() {
    FileGrowth growth = new FileGrowth(10, at(100), at(101));
    growth.saw(10, at(150), at(151));
    growth.saw(30, at(200), at(201));
    growth.saw(30, at(250), at(251));
    assertThat(growth.thereBy(10)).isEqualTo(at(101));
    assertThat(growth.thereBy(11)).isEqualTo(at(201));
    assertThat(growth.nothingBehind(10)).contains(at(150));
    assertThat(growth.nothingBehind(29)).contains(at(150));
    assertThat(growth.nothingBehind(30)).contains(at(250));
    assertThat(growth.nothingBehind(5)).isEmpty();
    assertThat(growth.asOf()).isEqualTo(at(250));
  }

  @Test
  void staysSmallAndNeverClaimsMoreThanWasSeenHoweverLongNothingIsShipped() {
    FileGrowth growth = new FileGrowth(0, at(0), at(0));
    for (int i = 1; i <= 100_000; i++) {
      growth.saw(i, at(i), at(i));
    }
    for (int offset = 1; offset <= 100_000; offset += 777) {
      assertThat(growth.thereBy(offset)).isAfterOrEqualTo(at(offset));
      assertThat(growth.nothingBehind(offset).orElseThrow()).isBeforeOrEqualTo(at(offset));
    }
    growth.forgetBefore(50_000);
    assertThat(growth.thereBy(60_000)).isAfterOrEqualTo(at(60_000));
  }
}
