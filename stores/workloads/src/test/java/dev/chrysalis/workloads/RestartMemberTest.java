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

/// How a member that hangs gets fresh processes, once.
class RestartMemberTest {
  private static final MemberId MEMBER = new MemberId("web", 0);
  private static final String RESTART = "restart-member web-0";

  private final FakePlatform platform =
      new FakePlatform(Clock.systemUTC()).with("web", Workload.Kind.DEPLOYMENT, 1, 1, false);
  private final Map<String, Map<String, String>> journal = new HashMap<>();
  private final RestartMember action = new RestartMember(platform);
  private final Moment moment = new Moment(step(), new Token(1), journal);

  @Test
  void restartsOneThatHangs() {
    platform.hang(MEMBER);
    choose();
    action.act(moment);

    assertThat(platform.calls()).contains(RESTART);
    assertThat(action.probe(moment)).isInstanceOf(Probe.Reached.class);
  }

  @Test
  void doesNotBeginAgainWhileItGetsReady() {
    platform.hang(MEMBER);
    platform.slow(MEMBER, true);
    choose();
    action.act(moment);
    action.act(moment);

    assertThat(platform.calls()).containsOnlyOnce(RESTART);
    assertThat(action.probe(moment)).isInstanceOf(Probe.Waiting.class);

    platform.slow(MEMBER, false);
    assertThat(action.probe(moment)).isInstanceOf(Probe.Reached.class);
  }

  @Test
  void restartsOneThatHasBeenStartingSinceBeforeTheStep() {
    platform.slow(MEMBER, true);
    choose();
    action.act(moment);

    assertThat(platform.calls()).contains(RESTART);
  }

  private void choose() {
    journal.put(moment.step().id(), action.choose(moment));
  }

  private static Step step() {
    return Step.named("restart-web-0")
        .title("Restart web-0")
        .action(RestartMember.NAME)
        .with("member", MEMBER.toString())
        .expected(Duration.ofSeconds(1))
        .deadline(Duration.ofMinutes(1))
        .build();
  }
}
