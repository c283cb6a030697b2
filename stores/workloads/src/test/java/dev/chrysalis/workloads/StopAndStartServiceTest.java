package dev.chrysalis.workloads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Workload;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a service that a recovery stops is brought back to.
class StopAndStartServiceTest {
  private static final Token TOKEN = new Token(1);

  private final FakePlatform platform =
      new FakePlatform(Clock.systemUTC()).with("web", Workload.Kind.DEPLOYMENT, 2, 5, false);
  private final Map<String, Map<String, String>> journal = new HashMap<>();

  @Test
  void putsBackAsManyAsWereSeenBeforeTheStopWhateverIsDeclared() {
    platform.scale(TOKEN, "web", 3);

    run(stop(2));
    assertThat(replicas()).isZero();
    run(start(Map.of("stopped-by", "stop-web")));

    assertThat(replicas()).isEqualTo(3);
  }

  @Test
  void givesBackAsManyAsWereSeenBeforeTheStop() {
    platform.scale(TOKEN, "web", 3);
    Step stop = stop(2);
    run(stop);

    new StopService(platform).giveBack(context(stop));

    assertThat(replicas()).isEqualTo(3);
  }

  @Test
  void bringsBackWhatIsKnownOtherwiseWhereNoneRunsWhenItIsToBeStopped() {
    platform.scale(TOKEN, "web", 0);

    run(stop(4));
    run(start(Map.of("stopped-by", "stop-web")));

    assertThat(replicas()).isEqualTo(4);
  }

  @Test
  void doesNotStopWhatNobodyWouldKnowHowToBringBack() {
    platform.scale(TOKEN, "web", 0);

    assertThatThrownBy(() -> run(stop(0)))
        .isInstanceOf(ChrysalisException.class)
        .hasMessageContaining("nobody knows how many to bring back");
  }

  @Test
  void doesNotTakeWhatRunsNowForWhatRanBeforeTheStop() {
    assertThatThrownBy(() -> run(start(Map.of("stopped-by", "stop-web"))))
        .isInstanceOf(ChrysalisException.class)
        .hasMessageContaining("stop-web lacks 'replicas'");
  }

  @Test
  void startsAsManyAsThePlanSays() {
    platform.scale(TOKEN, "web", 0);
    Step start = start(Map.of("replicas", "5"));

    run(start);

    assertThat(replicas()).isEqualTo(5);
    assertThat(new StartService(platform).byHand(start).getFirst()).contains("--replicas=5 ");
  }

  /// Chooses, keeps that as the journal does, acts and has reached its goal.
  private void run(Step step) {
    Action action =
        step.action().equals(StopService.NAME)
            ? new StopService(platform)
            : new StartService(platform);
    journal.put(step.id(), action.choose(context(step)));
    action.act(context(step));
    assertThat(action.probe(context(step))).isInstanceOf(Probe.Reached.class);
  }

  private int replicas() {
    return platform.workload("web").replicas();
  }

  private static Step stop(int otherwise) {
    return step("stop-web", StopService.NAME, Map.of("otherwise", Integer.toString(otherwise)));
  }

  private static Step start(Map<String, String> parameters) {
    return step("start-web", StartService.NAME, parameters);
  }

  private static Step step(String id, String action, Map<String, String> parameters) {
    return Step.named(id)
        .title("A step")
        .action(action)
        .with("workload", "web")
        .with(parameters)
        .expected(Duration.ofSeconds(1))
        .deadline(Duration.ofMinutes(1))
        .build();
  }

  private StepContext context(Step step) {
    return new Moment(step, TOKEN, journal);
  }
}
