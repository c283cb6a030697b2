package dev.chrysalis.recovery.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.InMemoryRecordStore;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepBuilder;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.recovery.RecoveryErrors;
import dev.chrysalis.recovery.checklist.http.ServiceClient;
import dev.chrysalis.workloads.Moment;
import dev.chrysalis.workloads.RestartMember;
import dev.chrysalis.workloads.RollBackService;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What was planned for a service, and how it is when the plan is run.
class SecondLookTest {
  private static final MemberId MEMBER = new MemberId("perception", 0);
  private static final Token TOKEN = new Token(1);
  private static final ReplicaRecords NOTHING_SEEN =
      new ReplicaRecords(new InMemoryRecordStore(), "butterfly");
  private static final Stack STACK =
      StackFile.parse(
          "stack.yaml",
          """
          version: 1
          stack: butterfly
          platform: {kind: process, directory: /srv/platform}
          vault: {location: /srv/vault, passphraseFile: /srv/passphrase}
          services:
            perception: {port: 1}
          """);

  private final ServiceClient client = new ServiceClient();
  private final FakePlatform platform =
      new FakePlatform(Clock.systemUTC())
          .with("perception", Workload.Kind.DEPLOYMENT, 1, 1, false)
          .crashingWith(environment -> environment.containsKey("BROKEN"));

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void goesOnWhereAServiceCameBackByItselfAndLeavesItAlone() {
    assertThat(confirm("perception=RESTART")).containsEntry("remedies", "");

    assertThat(restart(true)).isInstanceOf(Probe.Reached.class);
  }

  @Test
  void restartsAMemberThatIsReadyWhereThatWasAskedFor() {
    assertThat(restart(false)).isInstanceOf(Probe.Waiting.class);
  }

  @Test
  void restartsAMemberThatIsNotReady() {
    platform.hang(MEMBER);

    assertThat(restart(true)).isInstanceOf(Probe.Waiting.class);
  }

  @Test
  void goesOnWhereAServiceThatWasToBeAwaitedHasToBeRestarted() {
    platform.hang(MEMBER);

    assertThat(confirm("perception=AWAIT")).containsEntry("remedies", "perception=RESTART");
  }

  @Test
  void refusesToRestartWhereTheReleaseIsBadByNow() {
    assertThat(platform.workload("perception").settled()).isTrue();
    platform.configure(TOKEN, "perception", Map.of("BROKEN", "yes"));

    assertThatThrownBy(() -> confirm("perception=RESTART"))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(RecoveryErrors.SERVICES_CHANGED));
  }

  @Test
  void holdsNoDatastoreUpWhateverServicesAreByNow() {
    assertThat(confirm("perception=ROLL_BACK", false)).containsEntry("remedies", "");
  }

  @Test
  void rollsNothingBackThatGotReadyOrWhereAnotherReleaseCame() {
    assertThat(rollBack(platform.workload("perception").revision()))
        .isInstanceOfSatisfying(
            Probe.Reached.class,
            reached -> assertThat(reached.evidence().get("leftAlone")).endsWith("has got ready"));
    assertThat(rollBack(7))
        .isInstanceOfSatisfying(
            Probe.Reached.class,
            reached -> assertThat(reached.evidence().get("leftAlone")).endsWith("has come since"));
  }

  @Test
  void rollsABadReleaseBack() {
    assertThat(platform.workload("perception").settled()).isTrue();
    int bad = platform.configure(TOKEN, "perception", Map.of("BROKEN", "yes"));

    assertThat(rollBack(bad)).isInstanceOf(Probe.Waiting.class);
  }

  @Test
  void refusesToRollBackWhatIsReadyByNow() {
    assertThatThrownBy(() -> confirm("perception=ROLL_BACK"))
        .isInstanceOf(ChrysalisException.class)
        .hasMessageContaining("roll back perception, which now is ready");
  }

  private Map<String, String> confirm(String remedies) {
    return confirm(remedies, true);
  }

  private Map<String, String> confirm(String remedies, boolean refusing) {
    Action action =
        new ConfirmServices(
            new ServiceViews(STACK, platform, client, NOTHING_SEEN, Clock.systemUTC()), Set::of);
    Step step =
        step(action)
            .with("remedies", remedies)
            .with(ConfirmServices.REFUSING, Boolean.toString(refusing))
            .build();
    return action.choose(moment(step, Map.of()));
  }

  private Probe rollBack(int bad) {
    Action action = new RollBackService(platform);
    Step step =
        step(action)
            .with("workload", "perception")
            .with("revision", "1")
            .with(RollBackService.FROM, Integer.toString(bad))
            .build();
    return action.probe(moment(step, action.choose(moment(step, Map.of()))));
  }

  private Probe restart(boolean unlessReady) {
    Action action = new RestartMember(platform);
    Step step =
        step(action)
            .with("member", MEMBER.toString())
            .with(RestartMember.UNLESS_READY, Boolean.toString(unlessReady))
            .build();
    return action.probe(moment(step, action.choose(moment(step, Map.of()))));
  }

  private static StepBuilder step(Action action) {
    return Step.named("step")
        .title("A step")
        .action(action.name())
        .expected(Duration.ofSeconds(1))
        .deadline(Duration.ofMinutes(1));
  }

  private static Moment moment(Step step, Map<String, String> choices) {
    return new Moment(step, TOKEN, Map.of(step.id(), choices));
  }
}
