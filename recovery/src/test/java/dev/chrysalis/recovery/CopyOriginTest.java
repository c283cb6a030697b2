package dev.chrysalis.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.Token;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.control.WalInVault;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CopyOriginTest {
  private static final RestoreAim LATEST = RestoreAim.of(new RestoreGoal.Latest());
  private static final RestoreAim ON_TWO =
      new RestoreAim(new RestoreGoal.AtLsn(Lsn.parse("0/3000028")), Optional.of(2));

  private final FakePlatform platform =
      new FakePlatform(Clock.systemUTC()).with("postgres", Workload.Kind.STATEFUL_SET, 2, 2, true);

  @Test
  void aCopyKeepsWhatItIsMadeOf() {
    CopyOrigin origin = CopyOrigin.of(ON_TWO, chosen());

    Workload copy = declared(origin.environment());

    assertThat(CopyOrigin.isOf(copy)).isTrue();
    assertThat(CopyOrigin.of(copy)).isEqualTo(origin);
    assertThat(origin.options())
        .containsExactly("--snapshot", "s-1", "--to", "lsn:0/3000028", "--timeline", "2");
    assertThat(CopyOrigin.isOf(platform.workload("postgres"))).isFalse();
  }

  @Test
  void aCopyIsOfWhatWasAskedForWhenItWasBegun() {
    CopyOrigin origin = CopyOrigin.of(ON_TWO, chosen());

    assertThat(origin.isFor(ON_TWO)).isTrue();
    assertThat(origin.isFor(LATEST)).isFalse();
    assertThat(origin.aim()).endsWith(" on timeline 2");
    assertThat(CopyOrigin.of(declared(Map.of())).isFor(LATEST)).as("not kept").isTrue();
  }

  private Workload declared(Map<String, String> environment) {
    platform.createScratch(new Token(1), "postgres", "look", environment);
    return platform.workload("look");
  }

  private static WalInVault.Chosen chosen() {
    return new WalInVault.Chosen(
        "s-1",
        "7",
        17,
        2,
        Lsn.parse("0/3000028"),
        Optional.empty(),
        Optional.of(Instant.parse("2026-11-25T12:00:00Z")),
        1000,
        0);
  }
}
