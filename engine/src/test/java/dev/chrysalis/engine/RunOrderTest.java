package dev.chrysalis.engine;

import static dev.chrysalis.engine.Stage.plan;
import static dev.chrysalis.engine.Stage.step;
import static dev.chrysalis.engine.Stage.undoable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// One run of a stack after another.
final class RunOrderTest {
  private final Stage stage = new Stage();

  @TestFactory
  Stream<DynamicTest> noRunBeginsWhileTheNewestIs() {
    return Stream.of(RunStatus.WAITING, RunStatus.FAILED, RunStatus.ABORTING, RunStatus.RUNNING)
        .map(status ->
            DynamicTest.dynamicTest(
                status.name(),
                () -> {
                  Stage one = new Stage();
                  leaveOne(one, status);
                  String open = one.run();
                  assertThat(one.state().status()).isEqualTo(status);
                  assertThatThrownBy(() -> one.controller().start(plan(step("z"))))
                      .isInstanceOfSatisfying(
                          ChrysalisException.class,
                          e -> {
                            assertThat(e.code()).isEqualTo(EngineErrors.RUN_OPEN);
                            assertThat(e)
                                .hasMessageContaining(open)
                                .hasMessageContaining("primary-lost")
                                .hasMessageContaining(status.name());
                            assertThat(e.hint())
                                .contains("chrysalis resume " + open, "chrysalis abort " + open)
                                .contains("--leave " + open);
                          });
                  assertThat(one.run()).isEqualTo(open);
                }));
  }

  @Test
  void aRunBeginsAfterOneThatIsOver() {
    stage.controller().start(plan(step("a")));
    leaveOne(stage, RunStatus.WAITING);
    stage.controller().runner().abort(Stage.STACK, newest());
    assertThat(stage.controller().start(plan(step("b")))).isInstanceOf(RunOutcome.Succeeded.class);
    assertThat(stage.runs().list(Stage.STACK)).hasSize(3);
  }

  @Test
  void theNewestRunCanBeLeftAsItIsAndThenNeitherResumedNorAborted() {
    leaveOne(stage, RunStatus.WAITING);
    String left = stage.run();
    List<String> before = stage.records().keys(RecordKeys.run(Stage.STACK, left));
    assertThat(startLeaving(left)).isInstanceOf(RunOutcome.Succeeded.class);
    assertThat(newest()).isNotEqualTo(left);
    Runner runner = stage.controller().runner();
    assertRefused(() -> runner.resume(Stage.STACK, left), EngineErrors.RUN_SUPERSEDED);
    assertRefused(() -> runner.abort(Stage.STACK, left), EngineErrors.RUN_SUPERSEDED);
    assertThat(stage.records().keys(RecordKeys.run(Stage.STACK, left))).isEqualTo(before);
  }

  @Test
  void leavingAnotherRunThanTheNewestIsRefused() {
    leaveOne(stage, RunStatus.WAITING);
    assertRefused(() -> startLeaving("20200101t000000z-000000"), EngineErrors.RUN_OPEN);
  }

  @Test
  void aRunWhoseJournalCannotBeReadHasToBeLeftByName() {
    String damaged = "20261123t021530z-7f3a9c";
    String key = RecordKeys.entry(Stage.STACK, damaged, 1);
    assertThat(stage.records().create(key, "{}".getBytes(StandardCharsets.UTF_8))).isTrue();
    assertRefused(() -> stage.controller().start(plan(step("a"))), EngineErrors.RUN_OPEN);
    assertThat(startLeaving(damaged)).isInstanceOf(RunOutcome.Succeeded.class);
  }

  @Test
  void aRunIsNewerThanOneThatAMachineWithAFastClockBegan() {
    String ahead = "29991231t235959z-ffffff";
    String key = RecordKeys.entry(Stage.STACK, ahead, 1);
    assertThat(stage.records().create(key, new byte[] {1})).isTrue();
    assertThat(startLeaving(ahead)).isInstanceOf(RunOutcome.Succeeded.class);
    assertThat(newest()).startsWith("30000101t000000z-");
  }

  @Test
  void aRunThatBeginsWhileAnotherIsAboutToBeResumedIsSeenUnderTheLease() {
    leaveOne(stage, RunStatus.WAITING);
    String left = stage.run();
    boolean[] begun = {false};
    Stage.Controller late =
        stage
            .controller()
            .suffering((moment, key) -> {
              if (key.startsWith("lease/") && !begun[0]) {
                begun[0] = true;
                startLeaving(left);
              }
            });
    assertRefused(() -> late.runner().resume(Stage.STACK, left), EngineErrors.RUN_SUPERSEDED);
    assertThat(begun).containsExactly(true);
  }

  private static void leaveOne(Stage stage, RunStatus status) {
    Stage.Controller controller = stage.controller();
    switch (status) {
      case WAITING -> controller.startAsking(plan(step("a").destructive()));
      case FAILED -> {
        controller
            .plain()
            .beforeAct(
                "a",
                n -> {
                  throw FakeAction.failure(Category.SPACE);
                });
        controller.start(plan(step("a")));
      }
      case ABORTING -> {
        controller.startAsking(plan(undoable("a"), step("b").after("a").destructive()));
        controller
            .undoable()
            .beforeGiveBack(
                "a",
                () -> {
                  throw FakeAction.failure(Category.SPACE);
                });
        controller.abort();
      }
      case RUNNING -> {
        controller
            .plain()
            .beforeAct(
                "a",
                n -> {
                  throw new Mortality.Killed("a script");
                });
        assertThatThrownBy(() -> controller.start(plan(step("a"))))
            .isInstanceOf(Mortality.Killed.class);
      }
      case NEW, SUCCEEDED, ABORTED -> throw new IllegalArgumentException(status.name());
    }
  }

  private RunOutcome startLeaving(String run) {
    return stage.controller().runner().start(plan(step("z")), Consent.WHOLE_PLAN, run);
  }

  private String newest() {
    return stage.runs().list(Stage.STACK).getFirst();
  }

  private static void assertRefused(ThrowingCallable what, ErrorCode code) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
