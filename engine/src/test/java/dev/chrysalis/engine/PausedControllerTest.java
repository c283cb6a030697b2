package dev.chrysalis.engine;

import static dev.chrysalis.engine.Stage.plan;
import static dev.chrysalis.engine.Stage.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.engine.FaultyRecordStore.Moment;
import dev.chrysalis.model.ChrysalisException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/// A controller is held up; another one takes over and finishes; the first one wakes.
final class PausedControllerTest {
  private final Plan plan =
      plan(
          step("a"),
          step("b").after("a").kind(StepKind.ONCE),
          step("c").after("b").kind(StepKind.POINT_OF_NO_RETURN));

  @Test
  void changesNothingWhenItWakesInAnActAndItsClockTells() {
    Stage stage = new Stage();
    FakeTicker time = new FakeTicker();
    Stage.Controller first = stage.controller().at(time);
    first
        .plain()
        .beforeAct(
            "a",
            n -> {
              anotherFinishes(stage);
              time.advance(Duration.ofSeconds(16));
            });
    assertWakesInVain(stage, first);
  }

  @Test
  void changesNothingWhenItWakesInAnActAndItsClockHidesThePause() {
    Stage stage = new Stage();
    Stage.Controller first = stage.controller();
    first.plain().beforeAct("b", n -> anotherFinishes(stage));
    assertWakesInVain(stage, first);
  }

  @Test
  void changesNothingWhenItWakesBeforeAnyRecord() {
    int pauses = 0;
    for (int at = 2; at < 100; at++) {
      Stage stage = new Stage();
      AtomicInteger records = new AtomicInteger();
      int pausesAt = at;
      Stage.Controller first =
          stage
              .controller()
              .suffering((moment, key) -> {
                if (moment == Moment.BEFORE_CREATE
                    && key.startsWith("runs/")
                    && records.incrementAndGet() == pausesAt) {
                  anotherFinishes(stage);
                }
              });
      if (!wakesInVain(stage, first, () -> records.get() >= pausesAt)) {
        break;
      }
      pauses++;
    }
    assertThat(pauses).isGreaterThan(10);
  }

  private void assertWakesInVain(Stage stage, Stage.Controller first) {
    assertThat(wakesInVain(stage, first, () -> true)).isTrue();
  }

  private boolean wakesInVain(Stage stage, Stage.Controller first, BooleanSupplier paused) {
    try {
      first.start(plan);
      assertThat(paused.getAsBoolean()).as("a paused controller succeeded").isFalse();
      return false;
    } catch (ChrysalisException e) {
      assertThat(e.code()).isEqualTo(EngineErrors.LEASE_LOST);
    }
    assertThat(stage.state().status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(stage.world().doings()).containsOnlyOnce("act b", "act c").endsWith("act c");
    return true;
  }

  private static void anotherFinishes(Stage stage) {
    try (var threads = Executors.newSingleThreadExecutor()) {
      CompletableFuture.runAsync(
              () -> {
                if (stage.state().steps().stream().anyMatch(StepProgress::lacksApproval)) {
                  stage.decisions().approve(Stage.STACK, stage.run(), List.of(), "bo@laptop");
                }
                assertThat(stage.controller().resume()).isInstanceOf(RunOutcome.Succeeded.class);
              },
              threads)
          .join();
    }
  }

  @Test
  void twoControllersAtOnceAreRefusedWithTheNameOfTheFirst() {
    Stage stage = new Stage();
    Stage.Controller first = stage.controller();
    first
        .plain()
        .beforeAct(
            "a",
            n ->
                assertThatThrownBy(() -> stage.controller().waiting(Duration.ZERO).resume())
                    .isInstanceOfSatisfying(
                        ChrysalisException.class,
                        e -> {
                          assertThat(e.code()).isEqualTo(EngineErrors.LEASE_HELD);
                          assertThat(e)
                              .hasMessageContaining("ana")
                              .hasMessageContaining("bastion-1")
                              .hasMessageContaining("4711")
                              .hasMessageContaining("chrysalis recover primary-lost");
                        }));
    assertThat(first.start(plan)).isInstanceOf(RunOutcome.Succeeded.class);
  }
}
