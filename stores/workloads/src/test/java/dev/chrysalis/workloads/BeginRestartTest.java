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
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// How a member gets fresh processes for which another step waits.
class BeginRestartTest {
  private static final MemberId MEMBER = new MemberId("store", 0);

  private final FakePlatform platform =
      new FakePlatform(Clock.systemUTC()).with("store", Workload.Kind.STATEFUL_SET, 1, 1, true);
  private final Map<String, Map<String, String>> journal = new HashMap<>();
  private final BeginRestart action = new BeginRestart(platform);
  private final Moment moment = new Moment(step(), new Token(1), journal);

  @Test
  void waitsUntilTheOldProcessesAreGone() {
    choose();
    assertThat(action.probe(moment))
        .as("a server that runs since before the step")
        .isInstanceOf(Probe.Waiting.class);

    action.act(moment);

    assertThat(platform.calls()).contains("restart-member store-0");
    assertThat(action.probe(moment)).isInstanceOf(Probe.Reached.class);
  }

  @Test
  void doesNotWaitForOneThatIsSlowToGetReady() {
    platform.slow(MEMBER, true);
    choose();
    action.act(moment);

    assertThat(action.probe(moment)).isInstanceOf(Probe.Reached.class);
  }

  private void choose() {
    journal.put(moment.step().id(), action.choose(moment));
  }

  private static Step step() {
    return Step.named("restart-store-0")
        .title("Restart store-0")
        .action(BeginRestart.NAME)
        .with("member", MEMBER.toString())
        .expected(Duration.ofSeconds(1))
        .deadline(Duration.ofMinutes(1))
        .build();
  }
}
