package dev.chrysalis.engine;

import static dev.chrysalis.engine.Stage.plan;
import static dev.chrysalis.engine.Stage.step;
import static dev.chrysalis.engine.Stage.undoable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.JournalEntry.StepChosen;
import dev.chrysalis.model.Category;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Controllers die before, in the middle of and after every act, probe and record; whoever resumes
/// reaches the same end.
final class CrashAnywhereTest {
  private static final int MORE_THAN_ALL = 2000;

  @Test
  void aControllerThatDiesAnywhereIsReplacedByAnother() {
    int deaths = 0;
    for (int fatal = 1; fatal < MORE_THAN_ALL; fatal++) {
      Stage stage = new Stage();
      if (!diesAndIsReplaced(stage, mixedPlan(), new Mortality(fatal))) {
        break;
      }
      deaths++;
      assertSameEnd(stage, mixedPlan(), "killed at chance " + fatal);
    }
    assertThat(deaths).as("chances to die").isBetween(70, MORE_THAN_ALL - 2);
  }

  @Test
  void manyControllersMayDieOverOneRun() {
    for (int seed = 0; seed < 150; seed++) {
      Random random = new Random(seed);
      Stage stage = new Stage();
      Plan plan = RandomPlans.next(random);
      for (int life = 0; life < 12; life++) {
        diesAndIsReplaced(stage, plan, new Mortality(1 + random.nextInt(60)), false);
      }
      diesAndIsReplaced(stage, plan, Mortality.immortal());
      assertSameEnd(stage, plan, "seed " + seed);
    }
  }

  @Test
  void anAbortThatDiesAnywhereIsFinishedByAnother() {
    for (int fatal = 1; fatal < MORE_THAN_ALL; fatal++) {
      Stage stage = new Stage();
      Plan plan = plan(undoable("a"), undoable("b").after("a"), step("c").after("b").destructive());
      stage.controller().startAsking(plan);
      Mortality mortality = new Mortality(fatal);
      try {
        stage.controller(mortality).abort();
      } catch (Mortality.Killed e) {
        assertThat(mortality.died()).isTrue();
      }
      if (stage.state().status() != RunStatus.ABORTED) {
        assertThat(stage.controller().abort()).isInstanceOf(RunOutcome.Aborted.class);
      }
      assertThat(stage.world().fact("a")).isEmpty();
      assertThat(stage.world().fact("b")).isEmpty();
      if (!mortality.died()) {
        return;
      }
    }
  }

  @Test
  void aRestoreThatFailsAndACrashWhileOldDataReturnsEndInTheSamePlace() {
    for (int fatal = 1; fatal < MORE_THAN_ALL; fatal++) {
      Stage stage = new Stage();
      Plan plan =
          plan(
              undoable("aside").undoGroup("restore"),
              step("restore").after("aside").undoGroup("restore"),
              step("start").after("restore"));
      Mortality mortality = new Mortality(fatal);
      Stage.Controller failing = stage.controller(mortality);
      failing
          .plain()
          .beforeAct(
              "restore",
              n -> {
                throw FakeAction.failure(Category.SPACE);
              });
      try {
        failing.start(plan);
      } catch (Mortality.Killed e) {
        assertThat(mortality.died()).isTrue();
      }
      goOn(stage, plan, stage.controller());
      assertSameEnd(stage, plan, "killed at chance " + fatal);
      assertThat(stage.world().count("give back aside"))
          .isLessThanOrEqualTo(stage.world().count("act aside"));
      if (!mortality.died()) {
        return;
      }
    }
  }

  private static Plan mixedPlan() {
    return plan(
        step("a"),
        step("b").after("a").kind(StepKind.ONCE),
        undoable("c").after("a"),
        step("d").after("b", "c").kind(StepKind.POINT_OF_NO_RETURN),
        step("e").after("d"));
  }

  private static boolean diesAndIsReplaced(Stage stage, Plan plan, Mortality mortality) {
    return diesAndIsReplaced(stage, plan, mortality, true);
  }

  /// Whether the first one died.
  private static boolean diesAndIsReplaced(
      Stage stage, Plan plan, Mortality mortality, boolean replace) {
    try {
      goOn(stage, plan, stage.controller(mortality));
    } catch (Mortality.Killed e) {
      assertThat(mortality.died()).isTrue();
    }
    if (replace) {
      goOn(stage, plan, stage.controller());
    }
    return mortality.died();
  }

  private static void goOn(Stage stage, Plan plan, Stage.Controller controller) {
    if (stage.runs().list(Stage.STACK).isEmpty()) {
      controller.start(plan);
    } else if (stage.state().status() != RunStatus.SUCCEEDED) {
      approveWhatStillNeedsIt(stage);
      controller.resume();
    }
  }

  /// The plan's approval may have died with the controller that was about to write it.
  private static void approveWhatStillNeedsIt(Stage stage) {
    if (stage.state().steps().stream().anyMatch(StepProgress::lacksApproval)) {
      stage.decisions().approve(Stage.STACK, stage.run(), List.of(), "ana@bastion-1");
    }
  }

  private static void assertSameEnd(Stage stage, Plan plan, String how) {
    assertThat(stage.state().status()).as(how).isEqualTo(RunStatus.SUCCEEDED);
    List<String> chosen = new ArrayList<>();
    for (JournalRecord one : stage.runs().load(Stage.STACK, stage.run()).records()) {
      if (one.entry() instanceof StepChosen made) {
        chosen.add(made.step());
        assertThat(stage.world().fact(made.step()))
            .as(how)
            .contains(made.choices().getOrDefault("value", ""));
      }
    }
    assertThat(chosen)
        .as("%s: each step chooses once", how)
        .containsExactlyInAnyOrderElementsOf(plan.steps().stream().map(Step::id).toList());
    plan.steps().stream()
        .filter(s -> s.kind() != StepKind.CONVERGENT)
        .forEach(s ->
            assertThat(stage.world().count("act " + s.id()))
                .as("%s: %s acts once", how, s.id())
                .isOne());
  }
}
