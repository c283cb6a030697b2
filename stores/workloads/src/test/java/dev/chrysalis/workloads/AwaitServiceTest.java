package dev.chrysalis.workloads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Workload;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// How long a service that does not get ready is waited for. Its members have been there for a day.
class AwaitServiceTest {
  private static final Duration PATIENCE = Duration.ofHours(1);

  private final Instant now = Instant.now();
  private final FakePlatform platform =
      new FakePlatform(Clock.fixed(now.minus(Duration.ofDays(1)), ZoneOffset.UTC))
          .with("web", Workload.Kind.DEPLOYMENT, 2, 5, false);

  @Test
  void isReachedWhenAllAreReady() {
    assertThat(after(Duration.ZERO)).isInstanceOf(Probe.Reached.class);
  }

  @Test
  void givesMembersTheirTime() {
    platform.hang(new MemberId("web", 0));

    assertThat(after(Duration.ofMinutes(59))).isInstanceOf(Probe.Waiting.class);
  }

  @Test
  void replacesThoseThatHadTheirTime() {
    platform.hang(new MemberId("web", 0));

    assertThat(after(Duration.ofMinutes(61))).isInstanceOf(Probe.Stalled.class);
  }

  @Test
  void endsWhereAReplacedOneHadItsTimeToo() {
    platform.hang(new MemberId("web", 0));

    assertThat(after(Duration.ofMinutes(121)))
        .isInstanceOfSatisfying(
            Probe.Broken.class,
            broken -> {
              assertThat(broken.why()).contains("web ready (1 of 2)").contains("after a restart");
              assertThat(broken.hint()).contains("chrysalis assess");
            });
  }

  private Probe after(Duration waited) {
    Step step =
        Step.named("await-web")
            .title("Wait until web is ready")
            .action(AwaitService.NAME)
            .with("workload", "web")
            .with("patience", PATIENCE.toString())
            .expected(Duration.ofSeconds(1))
            .deadline(Duration.ofDays(1))
            .build();
    Map<String, String> choices = Map.of("begun", now.minus(waited).toString());
    return new AwaitService(platform)
        .probe(new Moment(step, new Token(1), Map.of("await-web", choices)));
  }
}
