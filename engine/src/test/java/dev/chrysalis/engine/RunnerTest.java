package dev.chrysalis.engine;

import static dev.chrysalis.engine.Stage.plan;
import static dev.chrysalis.engine.Stage.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RunnerTest {
  private final Stage stage = new Stage();

  @Test
  void doesTheStepsInTheirOrder() {
    RunOutcome outcome =
        stage.controller().start(plan(step("a"), step("b").after("a"), step("c").after("b")));
    assertThat(outcome).isEqualTo(new RunOutcome.Succeeded(stage.run()));
    assertThat(stage.world().doings())
        .containsSubsequence("act a", "act b", "act c")
        .doesNotHaveDuplicates();
    assertThat(stage.state().status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void doesIndependentStepsSideBySide() {
    CountDownLatch both = new CountDownLatch(2);
    Stage.Controller controller = stage.controller();
    for (String id : List.of("a", "b")) {
      controller.plain().beforeAct(id, n -> meet(both));
    }
    assertThat(controller.start(plan(step("a"), step("b"))))
        .isInstanceOf(RunOutcome.Succeeded.class);
  }

  @Test
  void waitsUntilTheGoalIsReached() {
    Stage.Controller controller = stage.controller();
    int[] looks = {0};
    controller
        .plain()
        .beforeProbe(
            "a",
            () -> {
              if (++looks[0] < 5) {
                throw FakeAction.failure(Category.STORE);
              }
            });
    assertThat(controller.start(plan(step("a")))).isInstanceOf(RunOutcome.Succeeded.class);
    assertThat(looks[0]).isGreaterThanOrEqualTo(5);
  }

  @Test
  void triesConvergentActsAgainPastPassingErrors() {
    Stage.Controller controller = stage.controller();
    controller
        .plain()
        .beforeAct(
            "a",
            n -> {
              if (n < 4) {
                throw FakeAction.failure(Category.PLATFORM);
              }
            });
    assertThat(controller.start(plan(step("a")))).isInstanceOf(RunOutcome.Succeeded.class);
    assertThat(stage.world().count("act a")).isOne();
  }

  @Test
  void actsAgainWithTheSameChoicesWhereWhatItsActStartedIsLost() {
    Stage.Controller controller = stage.controller();
    controller.plain().losing("a", 2);

    assertThat(controller.start(plan(step("a")))).isInstanceOf(RunOutcome.Succeeded.class);

    assertThat(stage.world().count("act a")).isEqualTo(3);
    assertThat(stage.world().attempts()).containsExactly("a 1", "a 1", "a 1");
    assertThat(stage.runs().load(Stage.STACK, stage.run()).records())
        .filteredOn(r -> r.entry() instanceof JournalEntry.Noted)
        .extracting(r -> r.entry().toString())
        .hasSize(2)
        .allMatch(text -> text.contains("lost: the work on a"));
  }

  @Test
  void failsWhereWhatItsActStartsIsLostAgainAndAgain() {
    Stage.Controller controller = stage.controller();
    controller.plain().losing("a", 1000);

    assertThat(controller.start(plan(step("a"))))
        .isInstanceOfSatisfying(
            RunOutcome.Failed.class,
            failed -> assertThat(failed.message()).contains("5 times", "lost: the work on a"));

    assertThat(stage.world().count("act a")).isEqualTo(5);
    assertThat(stage.controller().resume()).isInstanceOf(RunOutcome.Succeeded.class);
  }

  @Test
  void neverActsASecondTimeByItselfWhereThatMayDoHarm() {
    Stage.Controller controller = stage.controller();
    controller.plain().losing("a", 1000);

    RunOutcome outcome =
        controller.start(plan(step("a").kind(StepKind.ONCE).deadline(Duration.ofMillis(30))));

    assertThat(outcome).isInstanceOf(RunOutcome.Failed.class);
    assertThat(stage.world().count("act a")).isOne();
  }

  @Test
  void failsNamingTheStepTheReasonAndWhatToDo() {
    Stage.Controller controller = stage.controller();
    controller
        .plain()
        .beforeAct(
            "a",
            n -> {
              throw FakeAction.failure(Category.STORE);
            });
    RunOutcome outcome = controller.start(plan(step("a"), step("b"), step("c").after("a")));
    assertThat(outcome)
        .isInstanceOfSatisfying(
            RunOutcome.Failed.class,
            failed -> {
              assertThat(failed.message()).contains("Do a", "the wind blew", "CHR-3999");
              assertThat(failed.hint())
                  .contains("Wait for calm.", "chrysalis resume " + stage.run());
            });
    assertThat(stage.stateOf("b")).isEqualTo(StepState.DONE);
    assertThat(stage.stateOf("c")).isEqualTo(StepState.PENDING);
  }

  @Test
  void saysWhatItWaitedForWhenAStepIsLate() {
    Stage.Controller controller = stage.controller();
    controller
        .plain()
        .beforeProbe(
            "a",
            () -> {
              throw FakeAction.failure(Category.PLATFORM);
            });
    RunOutcome outcome = controller.start(plan(step("a").deadline(Duration.ofMillis(30))));
    assertThat(outcome)
        .isInstanceOfSatisfying(
            RunOutcome.Failed.class,
            failed ->
                assertThat(failed.message())
                    .contains("not done within 30 ms", "the wind blew")
                    .contains(EngineErrors.STEP_TIMED_OUT.toString()));
  }

  @Test
  void resumesAFailedRunWithTheSameChoices() {
    Stage.Controller first = stage.controller();
    first
        .plain()
        .beforeAct(
            "a",
            n -> {
              throw FakeAction.failure(Category.SPACE);
            });
    first.start(plan(step("a"), step("b").after("a")));
    String chosen = stage.state().step("a").choices().getOrDefault("value", "");
    assertThat(stage.controller().resume()).isInstanceOf(RunOutcome.Succeeded.class);
    assertThat(stage.world().fact("a")).contains(chosen);
    assertThat(stage.world().attempts()).containsExactly("a 2", "b 1");
  }

  @Test
  void refusesToResumeWhatIsOver() {
    stage.controller().start(plan(step("a")));
    assertThatThrownBy(() -> stage.controller().resume())
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(EngineErrors.RUN_ENDED));
  }

  @Test
  void refusesAPlanWithAnUnknownActionBeforeItDoesAnything() {
    assertThatThrownBy(
            () -> stage.controller().start(plan(step("a"), step("b").action("other.thing"))))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(EngineErrors.UNKNOWN_ACTION));
    assertThat(stage.records().keys("")).isEmpty();
  }

  @Test
  void listsTheNewestRunFirst() {
    stage.controller().start(plan(step("a")));
    assertThat(stage.runs().newest(Stage.STACK, 10))
        .singleElement()
        .satisfies(history -> {
          assertThat(history.state().status()).isEqualTo(RunStatus.SUCCEEDED);
          assertThat(history.records()).isNotEmpty().allMatch(r -> r.at() != null);
        });
  }

  @Test
  void tellsWhoWatchesWhatIsJournaledAndWhatItWaitsFor() {
    List<String> seen = new CopyOnWriteArrayList<>();
    RunObserver observer =
        new RunObserver() {
          @Override
          public void journaled(JournalRecord written, RunState after) {
            if (written.entry() instanceof JournalEntry.OfStep of) {
              seen.add(of.step() + " " + after.step(of.step()).state());
            }
          }

          @Override
          public void waitingFor(Step step, String what) {
            seen.add(step.id() + " waits for " + what);
          }
        };
    Stage.Controller controller = stage.controller().telling(observer);
    boolean[] hidden = {true};
    controller
        .plain()
        .beforeProbe(
            "a",
            () -> {
              if (stage.world().doings().contains("act a") && hidden[0]) {
                hidden[0] = false;
                throw FakeAction.failure(Category.PLATFORM);
              }
            });
    controller.start(plan(step("a")));
    assertThat(seen)
        .containsExactly(
            "a CHOSEN", "a INTENDED", "a ACTED", "a waits for an answer (the wind blew)", "a DONE");
  }

  @Test
  void anInterruptedRunStopsAndCanBeResumed() throws Exception {
    CountDownLatch acting = new CountDownLatch(1);
    Stage.Controller controller = stage.controller();
    controller
        .plain()
        .beforeAct(
            "a",
            n -> {
              acting.countDown();
              throw FakeAction.failure(Category.PLATFORM);
            });
    FutureTask<Boolean> starting =
        new FutureTask<>(() -> {
          assertThatThrownBy(() -> controller.start(plan(step("a"))))
              .isInstanceOfSatisfying(
                  ChrysalisException.class,
                  e -> assertThat(e.code()).isEqualTo(EngineErrors.INTERRUPTED));
          return Thread.currentThread().isInterrupted();
        });
    Thread thread = Thread.ofPlatform().start(starting);
    assertThat(acting.await(10, TimeUnit.SECONDS)).isTrue();
    thread.interrupt();
    assertThat(starting.get(10, TimeUnit.SECONDS)).isTrue();
    assertThat(stage.stateOf("a")).isEqualTo(StepState.INTENDED);
    assertThat(stage.controller().waiting(Duration.ZERO).resume())
        .isInstanceOf(RunOutcome.Succeeded.class);
  }

  @Test
  void aStoreThatFailsNowAndThenChangesNothing() {
    for (int seed = 0; seed < 20; seed++) {
      Stage unsteady = new Stage();
      Random random = new Random(seed);
      Stage.Controller controller =
          unsteady
              .controller()
              .suffering((moment, key) -> {
                if (key.matches("runs/.*/[0-9]{8}") && random.nextInt(10) == 0) {
                  throw FakeAction.failure(Category.VAULT);
                }
              });
      assertThat(controller.start(plan(step("a"), step("b").after("a").kind(StepKind.ONCE))))
          .isInstanceOf(RunOutcome.Succeeded.class);
      assertThat(unsteady.world().count("act b")).isOne();
    }
  }

  @Test
  void anAnswerThatArrivesWhileAnUndoBeginsIsObeyed() {
    Plan plan =
        plan(step("a").kind(StepKind.ONCE).undoGroup("restore"), step("b").undoGroup("restore"));
    leaveInTheActOfA(plan);
    boolean[] answered = {false};
    Stage.Controller second =
        stage
            .controller()
            .suffering((moment, key) -> {
              if (moment == FaultyRecordStore.Moment.BEFORE_CREATE
                  && key.startsWith("runs/")
                  && !answered[0]
                  && stage.stateOf("a") == StepState.UNKNOWN
                  && stage.stateOf("b") == StepState.FAILED) {
                answered[0] = true;
                stage.decisions().answer(Stage.STACK, stage.run(), "a", false, "ana@bastion-1");
              }
            });
    second
        .plain()
        .reconciling("a", new Reconciled.Unknown("nobody answers"))
        .beforeProbe(
            "b",
            () -> {
              boolean known = stage.stateOf("a") != StepState.UNKNOWN;
              throw FakeAction.failure(known ? Category.PLATFORM : Category.SPACE);
            });
    assertThat(second.resume()).isInstanceOf(RunOutcome.Failed.class);
    assertThat(answered).containsExactly(true);
    assertThat(stage.stateOf("a")).isEqualTo(StepState.CHOSEN);
    assertThat(stage.controller().resume()).isInstanceOf(RunOutcome.Succeeded.class);
    assertThat(stage.world().count("act a")).isOne();
  }

  private void leaveInTheActOfA(Plan plan) {
    Stage.Controller first = stage.controller();
    first
        .plain()
        .beforeAct(
            "a",
            n -> {
              throw new Mortality.Killed("a script");
            })
        .beforeProbe(
            "b",
            () -> {
              throw FakeAction.failure(Category.PLATFORM);
            });
    assertThatThrownBy(() -> first.start(plan)).isInstanceOf(Mortality.Killed.class);
  }

  private static void meet(CountDownLatch all) {
    all.countDown();
    try {
      assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
