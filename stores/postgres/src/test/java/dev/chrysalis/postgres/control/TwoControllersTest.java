package dev.chrysalis.postgres.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.engine.EngineErrors;
import dev.chrysalis.engine.RunOutcome;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.workloads.Mortality;
import dev.chrysalis.workloads.SharedTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Two controllers at one plan: one drives, the other changes nothing.
final class TwoControllersTest {
  private static final int MORE_THAN_ALL = 2000;

  @ParameterizedTest
  @EnumSource(names = {"PRIMARY_DAMAGED", "STORE_DAMAGED"})
  void aControllerThatWakesAfterAnotherFinishedChangesNothing(Disaster disaster) throws Exception {
    for (int moment = 10; moment < MORE_THAN_ALL; moment += 6) {
      RecoveryStage stage = new RecoveryStage(disaster);
      Sleeper sleeper = new Sleeper(stage, moment);
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<RunOutcome> first = threads.submit(() -> sleeper.controller.start());
        String where = sleeper.fellAsleep(first);
        if (where.isEmpty()) {
          return;
        }
        if (stage.runs().isEmpty()) {
          sleeper.wake();
          continue;
        }
        boolean over = stage.state().isOver();
        stage.controller().goOn();
        stage.assertRecovered("while another sleeps " + where);
        List<String> calls = stage.pair().changes();

        sleeper.wake();

        assertThat(drove(first)).as(where).isEqualTo(over);
        assertThat(stage.pair().changes()).as(where).isEqualTo(calls);
        stage.assertRecovered("after another woke " + where);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PRIMARY_DAMAGED", "STORE_DAMAGED"})
  void whileOneDrivesTheOtherIsToldSo(Disaster disaster) throws Exception {
    for (int moment : new int[] {12, 40, 75}) {
      RecoveryStage stage = new RecoveryStage(disaster);
      CountDownLatch there = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      AtomicInteger chances = new AtomicInteger();
      RecoveryStage.Controller busy =
          stage.controller(
              where -> {
                if (chances.incrementAndGet() == moment) {
                  there.countDown();
                  await(goOn);
                }
              },
              stage.time().view());
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<RunOutcome> first = threads.submit(busy::start);
        there.await();
        List<String> calls = stage.pair().changes();

        assertThatThrownBy(() -> stage.controller().waiting(Duration.ZERO).resume())
            .isInstanceOfSatisfying(
                ChrysalisException.class,
                e -> assertThat(e.code()).isEqualTo(EngineErrors.LEASE_HELD));

        assertThat(stage.pair().changes()).isEqualTo(calls);
        goOn.countDown();
        assertThat(first.get()).isInstanceOf(RunOutcome.Succeeded.class);
      }
      stage.assertRecovered("one drove, moment " + moment);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PRIMARY_DAMAGED", "STORE_DAMAGED"})
  void ofTwoThatResumeAtOnceOneDrives(Disaster disaster) throws Exception {
    for (int fatal = 20; fatal < 140; fatal += 20) {
      RecoveryStage stage = new RecoveryStage(disaster);
      String how = stage.live(new Mortality(fatal));
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<RunOutcome>> both =
            List.of(
                threads.submit(() -> stage.controller().resume()),
                threads.submit(() -> stage.controller().resume()));
        int driven = 0;
        for (Future<RunOutcome> one : both) {
          driven += drove(one) ? 1 : 0;
        }
        assertThat(driven).as(how).isOne();
      }
      stage.assertRecovered(how);
    }
  }

  private static boolean drove(Future<RunOutcome> one) throws InterruptedException {
    try {
      assertThat(one.get()).isInstanceOf(RunOutcome.Succeeded.class);
      return true;
    } catch (ExecutionException e) {
      assertThat(e)
          .cause()
          .isInstanceOfSatisfying(
              ChrysalisException.class,
              c ->
                  assertThat(c.code())
                      .isIn(
                          EngineErrors.LEASE_HELD,
                          EngineErrors.LEASE_LOST,
                          EngineErrors.RUN_ENDED,
                          PlatformErrors.STALE_TOKEN));
      return false;
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// A controller that is suspended as a whole, its heart too, at its n-th chance.
  private static final class Sleeper {
    private final SharedTime.View view;
    private final AtomicInteger chances = new AtomicInteger();
    private final CompletableFuture<String> asleep = new CompletableFuture<>();
    private final RecoveryStage.Controller controller;

    Sleeper(RecoveryStage stage, int moment) {
      view = stage.time().view();
      controller =
          stage.controller(
              where -> {
                if (chances.incrementAndGet() == moment) {
                  view.suspend(true);
                  boolean _ = asleep.complete(where);
                }
                sleepOn();
              },
              view);
    }

    private void sleepOn() {
      try {
        view.awaitLife();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /// Where it sleeps; empty where its run ended before.
    String fellAsleep(Future<RunOutcome> run) throws Exception {
      CompletableFuture<String> ended =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  RunOutcome _ = run.get();
                } catch (InterruptedException | ExecutionException e) {
                  return "";
                }
                return "";
              },
              Thread::startVirtualThread);
      return (String) CompletableFuture.anyOf(asleep, ended).get();
    }

    void wake() {
      view.suspend(false);
    }
  }
}
