package dev.chrysalis.engine;

import static dev.chrysalis.engine.Stage.plan;
import static dev.chrysalis.engine.Stage.step;
import static dev.chrysalis.engine.Stage.undoable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// What happens to runs, each a small story with its end. Together they make every transition of
/// the tables.
final class Scenarios {
  private static final String ANA = "ana@bastion-1";

  private Scenarios() {}

  static Map<String, Consumer<Stage>> all() {
    Map<String, Consumer<Stage>> all = new LinkedHashMap<>();
    all.put("approved-as-a-whole", Scenarios::approvedAsAWhole);
    all.put("approved-later", Scenarios::approvedLater);
    all.put("approved-at-the-prompt", Scenarios::approvedAtThePrompt);
    all.put("already-reached", Scenarios::alreadyReached);
    all.put("crash-in-the-act", Scenarios::crashInTheAct);
    all.put("crash-before-the-act-is-recorded", Scenarios::crashBeforeTheActIsRecorded);
    all.put("crash-after-the-act", Scenarios::crashAfterTheAct);
    all.put("fails-everywhere-then-succeeds", Scenarios::failsEverywhereThenSucceeds);
    all.put("done-by-hand", Scenarios::doneByHand);
    all.put("approved-after-a-failure", Scenarios::approvedAfterAFailure);
    all.put("unknown-answered-happened", Scenarios::unknownAnsweredHappened);
    all.put("unknown-answered-did-not-happen", Scenarios::unknownAnsweredDidNotHappen);
    all.put("unknown-found-out", Scenarios::unknownFoundOut);
    all.put("unknown-answered-while-running", Scenarios::unknownAnsweredWhileRunning);
    all.put("once-acts-and-answers-with-an-error", Scenarios::onceActsAndAnswersWithAnError);
    all.put("restore-fails-and-old-data-returns", Scenarios::restoreFailsAndOldDataReturns);
    all.put("old-data-does-not-return", Scenarios::oldDataDoesNotReturn);
    all.put("aborted-while-waiting", Scenarios::abortedWhileWaiting);
    all.put("aborted-while-running", Scenarios::abortedWhileRunning);
    all.put("aborted-after-a-failure", Scenarios::abortedAfterAFailure);
    all.put("aborted-after-crashes", Scenarios::abortedAfterCrashes);
    all.put("aborted-after-a-crash-in-the-act", Scenarios::abortedAfterACrashInTheAct);
    all.put("abort-cut-off", Scenarios::abortCutOff);
    all.put("abort-fails", Scenarios::abortFails);
    all.put("past-return", Scenarios::pastReturn);
    return all;
  }

  private static void approvedAsAWhole(Stage stage) {
    Plan plan = plan(step("a").destructive(), step("b").after("a"));
    assertSucceeded(stage.controller().start(plan));
  }

  private static void approvedLater(Stage stage) {
    Plan plan = plan(step("a").destructive(), step("b"), step("c").after("a").kind(StepKind.ONCE));
    RunOutcome first = stage.controller().startAsking(plan);
    assertThat(first).isEqualTo(new RunOutcome.Waiting(stage.run(), List.of("a"), List.of()));
    assertThat(stage.stateOf("b")).isEqualTo(StepState.DONE);
    assertThat(stage.world().doings()).doesNotContain("act a");
    assertThat(stage.controller().resume()).isInstanceOf(RunOutcome.Waiting.class);
    stage.decisions().approve(Stage.STACK, stage.run(), List.of("a"), ANA);
    assertRefused(
        () -> stage.decisions().approve(Stage.STACK, stage.run(), List.of("a"), ANA),
        EngineErrors.NOT_ASKED);
    assertSucceeded(stage.controller().resume());
  }

  private static void approvedAtThePrompt(Stage stage) {
    AtomicBoolean elsewhere = new AtomicBoolean();
    Stage.Controller controller =
        stage
            .controller()
            .asking(step -> {
              if (step.id().equals("b")) {
                stage.decisions().approve(Stage.STACK, stage.run(), List.of("b"), "bo@laptop");
                elsewhere.set(true);
              }
              return step.id().equals("a");
            });
    assertSucceeded(controller.startAsking(plan(step("a").destructive(), step("b").destructive())));
    assertThat(elsewhere).isTrue();
  }

  private static void alreadyReached(Stage stage) {
    Stage.Controller controller = stage.controller();
    controller
        .plain()
        .beforeProbe(
            "a",
            () ->
                stage
                    .world()
                    .set("a", stage.state().step("a").choices().getOrDefault("value", "")));
    assertSucceeded(controller.start(plan(step("a"))));
    assertThat(stage.world().doings()).isEmpty();
    assertThat(stage.state().step("a").alreadyReached()).isTrue();
  }

  private static void crashInTheAct(Stage stage) {
    crash(
        stage,
        c -> c.plain().beforeAct("a", Scenarios::dies),
        plan(step("a"), step("b").after("a")));
    assertThat(stage.stateOf("a")).isEqualTo(StepState.INTENDED);
    assertSucceeded(stage.controller().resume());
  }

  private static void crashBeforeTheActIsRecorded(Stage stage) {
    crash(
        stage,
        c ->
            c.suffering((moment, key) -> {
              if (key.startsWith("runs/") && stage.world().doings().contains("act a")) {
                throw new Mortality.Killed(key);
              }
            }),
        plan(step("a").kind(StepKind.ONCE)));
    assertThat(stage.stateOf("a")).isEqualTo(StepState.INTENDED);
    assertSucceeded(stage.controller().resume());
    assertThat(stage.world().count("act a")).isOne();
  }

  private static void crashAfterTheAct(Stage stage) {
    crash(stage, c -> c.plain().beforeProbe("b", diesAfterActOf(stage, "b")), convergentAndOnce());
    assertThat(stage.stateOf("b")).isEqualTo(StepState.ACTED);
    stage.world().set("b", "broken meanwhile");
    assertSucceeded(stage.controller().resume());
    assertThat(stage.world().count("act b")).isEqualTo(2);
  }

  private static Plan convergentAndOnce() {
    return plan(step("a").kind(StepKind.ONCE), step("b").after("a"));
  }

  private static void failsEverywhereThenSucceeds(Stage stage) {
    Plan plan =
        plan(
            step("a"),
            step("b").after("a"),
            step("c").after("b"),
            step("d").after("c").kind(StepKind.ONCE).deadline(Duration.ofMillis(20)));
    Stage.Controller one = stage.controller();
    one.plain().beforeChoose("a", Scenarios::fails);
    assertFailed(one.start(plan), "Do a");
    Stage.Controller two = stage.controller();
    two.plain().beforeProbe("b", Scenarios::fails);
    assertFailed(two.resume(), "Do b");
    Stage.Controller three = stage.controller();
    three.plain().beforeAct("c", n -> fails());
    assertFailed(three.resume(), "Do c");
    Stage.Controller four = stage.controller();
    four.plain().beforeProbe("d", () -> hides(stage, "d"));
    assertFailed(four.resume(), "not done within 20 ms");
    assertSucceeded(stage.controller().resume());
    assertThat(stage.world().count("act d")).isOne();
  }

  private static void doneByHand(Stage stage) {
    Stage.Controller first = stage.controller();
    first.plain().beforeAct("a", n -> fails());
    assertFailed(first.start(plan(step("a"), step("b").after("a"))), "the wind blew");
    assertRefused(
        () -> stage.decisions().answer(Stage.STACK, stage.run(), "a", false, ANA),
        EngineErrors.NOT_ASKED);
    stage.decisions().answer(Stage.STACK, stage.run(), "a", true, ANA);
    assertSucceeded(stage.controller().resume());
    assertThat(stage.world().doings()).doesNotContain("act a");
    assertThat(stage.state().step("a").evidence()).containsEntry("answered", "done, says " + ANA);
  }

  private static void approvedAfterAFailure(Stage stage) {
    Stage.Controller first = stage.controller();
    first.plain().beforeAct("a", n -> fails());
    Plan plan = plan(step("a"), step("b").after("a").destructive());
    assertFailed(first.startAsking(plan), "Do a");
    stage.decisions().approve(Stage.STACK, stage.run(), List.of(), ANA);
    assertSucceeded(stage.controller().resume());
  }

  private static void leaveUnknown(Stage stage, StepBuilder step) {
    crash(
        stage,
        c -> {
          c.plain().beforeAct("a", Scenarios::dies);
          c.undoable().beforeAct("a", Scenarios::dies);
        },
        plan(step, step("b").after("a")));
    assertThat(ignorant(stage).resume())
        .isEqualTo(new RunOutcome.Waiting(stage.run(), List.of(), List.of("a")));
  }

  private static Stage.Controller ignorant(Stage stage) {
    Stage.Controller controller = stage.controller();
    controller.plain().reconciling("a", new Reconciled.Unknown("nobody answers"));
    controller.undoable().reconciling("a", new Reconciled.Unknown("nobody answers"));
    return controller;
  }

  private static void unknownAnsweredHappened(Stage stage) {
    leaveUnknown(stage, step("a").kind(StepKind.ONCE));
    stage.decisions().answer(Stage.STACK, stage.run(), "a", true, ANA);
    assertSucceeded(stage.controller().resume());
    assertThat(stage.world().count("act a")).isZero();
  }

  private static void unknownAnsweredDidNotHappen(Stage stage) {
    leaveUnknown(stage, step("a").kind(StepKind.POINT_OF_NO_RETURN));
    assertThat(ignorant(stage).resume()).isInstanceOf(RunOutcome.Waiting.class);
    stage.decisions().answer(Stage.STACK, stage.run(), "a", false, ANA);
    assertSucceeded(ignorant(stage).resume());
    assertThat(stage.world().count("act a")).isOne();
  }

  private static void unknownFoundOut(Stage stage) {
    leaveUnknown(stage, step("a").kind(StepKind.ONCE));
    assertSucceeded(stage.controller().resume());
    assertThat(stage.world().count("act a")).isOne();
  }

  private static void unknownAnsweredWhileRunning(Stage stage) {
    crash(
        stage,
        c ->
            c.plain()
                .beforeAct("a", Scenarios::dies)
                .beforeProbe(
                    "b",
                    () -> {
                      throw FakeAction.failure(Category.PLATFORM);
                    }),
        plan(step("a").kind(StepKind.ONCE), step("b")));
    Stage.Controller second = ignorant(stage);
    second
        .plain()
        .beforeProbe(
            "b",
            () -> {
              if (stage.stateOf("a") == StepState.UNKNOWN) {
                stage.decisions().answer(Stage.STACK, stage.run(), "a", false, ANA);
              } else if (stage.stateOf("a") == StepState.INTENDED) {
                throw FakeAction.failure(Category.PLATFORM);
              }
            });
    assertSucceeded(second.resume());
    assertThat(stage.world().count("act a")).isOne();
  }

  private static void onceActsAndAnswersWithAnError(Stage stage) {
    Stage.Controller controller = stage.controller();
    controller
        .plain()
        .beforeAct(
            "a",
            n -> {
              stage.world().set("a", stage.state().step("a").choices().getOrDefault("value", ""));
              throw FakeAction.failure(Category.PLATFORM);
            });
    assertSucceeded(controller.start(plan(step("a").kind(StepKind.ONCE))));
  }

  private static Plan restore() {
    return plan(
        step("stop"),
        undoable("aside").after("stop").undoGroup("restore"),
        step("restore").after("aside").undoGroup("restore"),
        step("check").after("restore").undoGroup("restore"),
        step("start").after("check"));
  }

  private static void restoreFailsAndOldDataReturns(Stage stage) {
    Stage.Controller first = stage.controller();
    first.plain().beforeAct("check", n -> fails());
    RunOutcome outcome = first.start(restore());
    assertFailed(outcome, "the wind blew");
    assertFailed(outcome, "Given back: Do aside");
    assertThat(stage.world().doings())
        .containsSubsequence("act aside", "act restore", "give back aside")
        .doesNotContain("give back restore", "give back stop");
    assertThat(stage.stateOf("stop")).isEqualTo(StepState.DONE);
    assertThat(stage.stateOf("restore")).isEqualTo(StepState.UNDONE);
    String name = stage.state().step("aside").choices().getOrDefault("value", "");
    assertSucceeded(stage.controller().resume());
    assertThat(stage.world().fact("aside")).contains(name);
    assertThat(stage.world().count("act aside")).isEqualTo(2);
    assertThat(stage.state().step("aside").lastUndoneAttempt()).isOne();
    assertThat(stage.world().attempts()).contains("aside 1", "aside 2");
  }

  private static void oldDataDoesNotReturn(Stage stage) {
    Stage.Controller first = stage.controller();
    first.plain().beforeAct("restore", n -> fails());
    first.undoable().beforeGiveBack("aside", Scenarios::fails);
    assertFailed(first.start(restore()), "NOT given back");
    Stage.Controller second = stage.controller();
    second.undoable().beforeGiveBack("aside", Scenarios::fails);
    assertFailed(second.resume(), "NOT given back");
    assertThat(stage.world().count("act aside")).isOne();
    assertSucceeded(stage.controller().resume());
    assertThat(stage.world().doings())
        .containsSubsequence("act aside", "give back aside", "act aside", "act restore");
  }

  private static void abortedWhileWaiting(Stage stage) {
    stage
        .controller()
        .startAsking(
            plan(undoable("a"), undoable("b").after("a"), step("c").after("b").destructive()));
    assertAborted(stage.controller().abort());
    assertThat(stage.world().doings()).endsWith("give back b", "give back a");
    assertRefused(() -> stage.controller().abort(), EngineErrors.RUN_ENDED);
  }

  private static void abortedWhileRunning(Stage stage) {
    Stage.Controller controller = stage.controller();
    controller
        .undoable()
        .beforeAct(
            "a",
            n ->
                assertThat(stage.controller().waiting(Duration.ZERO).abort())
                    .isInstanceOf(RunOutcome.AbortLeftToOther.class));
    assertAborted(controller.start(plan(undoable("a"), step("b").after("a"))));
    assertThat(stage.world().doings()).endsWith("act a", "give back a");
  }

  private static void abortedAfterAFailure(Stage stage) {
    Stage.Controller first = stage.controller();
    first.undoable().beforeAct("b", n -> fails());
    assertFailed(first.start(plan(step("a"), undoable("b").after("a"))), "Do b");
    assertThat(stage.controller().abort())
        .isInstanceOfSatisfying(
            RunOutcome.Aborted.class,
            aborted ->
                assertThat(aborted.message()).isEqualTo("given back: Do b; stays as it is: Do a"));
  }

  private static void abortedAfterCrashes(Stage stage) {
    leaveUnknown(stage, undoable("a").kind(StepKind.ONCE));
    assertAborted(stage.controller().abort());
    assertThat(stage.world().doings()).containsExactly("give back a");
  }

  private static void abortedAfterACrashInTheAct(Stage stage) {
    crash(stage, c -> c.undoable().beforeAct("a", Scenarios::dies), plan(undoable("a")));
    assertThat(stage.stateOf("a")).isEqualTo(StepState.INTENDED);
    assertAborted(stage.controller().abort());
    assertThat(stage.world().doings()).containsExactly("give back a");
  }

  private static void abortCutOff(Stage stage) {
    crash(
        stage,
        c -> {
          c.undoable().beforeAct("a", Scenarios::dies);
          c.undoable().beforeProbe("b", diesAfterActOf(stage, "b"));
        },
        plan(undoable("b"), undoable("a").after("b")));
    Stage.Controller second = stage.controller();
    second.undoable().beforeGiveBack("b", () -> dies(1));
    assertThatThrownBy(second::abort).isInstanceOf(Mortality.Killed.class);
    Stage.Controller third = stage.controller();
    AtomicBoolean blew = new AtomicBoolean();
    third
        .undoable()
        .beforeGiveBack(
            "b",
            () -> {
              if (blew.compareAndSet(false, true)) {
                throw FakeAction.failure(Category.PLATFORM);
              }
            });
    assertAborted(third.resume());
  }

  private static void abortFails(Stage stage) {
    stage.controller().startAsking(plan(undoable("a"), step("b").after("a").destructive()));
    Stage.Controller second = stage.controller();
    second.undoable().beforeGiveBack("a", Scenarios::fails);
    assertFailed(second.abort(), "NOT given back");
    assertThat(stage.state().status()).isEqualTo(RunStatus.ABORTING);
    assertAborted(stage.controller().abort());
  }

  private static void pastReturn(Stage stage) {
    Stage.Controller first = stage.controller();
    first.plain().beforeAct("b", n -> fails());
    assertFailed(
        first.start(plan(step("a").kind(StepKind.POINT_OF_NO_RETURN), step("b").after("a"))),
        "Do b");
    assertRefused(() -> stage.controller().abort(), EngineErrors.ABORT_REFUSED);
    assertSucceeded(stage.controller().resume());
  }

  private static void crash(Stage stage, Consumer<Stage.Controller> how, Plan plan) {
    Stage.Controller controller = stage.controller();
    how.accept(controller);
    assertThatThrownBy(() -> controller.start(plan)).isInstanceOf(Mortality.Killed.class);
  }

  private static void dies(int number) {
    throw new Mortality.Killed("a script, at act " + number);
  }

  private static Runnable diesAfterActOf(Stage stage, String step) {
    return () -> {
      if (stage.world().doings().contains("act " + step)) {
        throw new Mortality.Killed("a script");
      }
    };
  }

  private static void hides(Stage stage, String step) {
    if (stage.world().doings().contains("act " + step)) {
      throw FakeAction.failure(Category.PLATFORM);
    }
  }

  private static void fails() {
    throw FakeAction.failure(Category.SPACE);
  }

  private static void assertSucceeded(RunOutcome outcome) {
    assertThat(outcome).isInstanceOf(RunOutcome.Succeeded.class);
  }

  private static void assertAborted(RunOutcome outcome) {
    assertThat(outcome).isInstanceOf(RunOutcome.Aborted.class);
  }

  private static void assertFailed(RunOutcome outcome, String saying) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            RunOutcome.Failed.class, failed -> assertThat(failed.message()).contains(saying));
  }

  private static void assertRefused(ThrowingCallable what, ErrorCode code) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
