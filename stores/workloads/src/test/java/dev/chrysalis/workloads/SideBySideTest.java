package dev.chrysalis.workloads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.chrysalis.engine.EngineErrors;
import dev.chrysalis.model.ChrysalisException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SideBySideTest {
  @Test
  void keepsTheOrderAndThrowsWhatAnyOfThemThrows() {
    assertThat(SideBySide.map(List.of(3, 1, 2), i -> i * 2)).containsExactly(6, 2, 4);

    ChrysalisException known = new ChrysalisException(EngineErrors.BAD_PLAN, "none", "look");
    assertThatThrownBy(() -> SideBySide.map(List.of(1), _ -> fail(known))).isSameAs(known);
    IllegalStateException other = new IllegalStateException("a fault of the program");
    assertThatThrownBy(() -> SideBySide.map(List.of(1), _ -> fail(other))).hasCause(other);
  }

  @Test
  void endsAllOfThemWhereWhoWaitsIsInterrupted() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    AtomicInteger ended = new AtomicInteger();
    CompletableFuture<Boolean> flag = new CompletableFuture<>();
    CompletableFuture<ChrysalisException> thrown = new CompletableFuture<>();
    Thread waits =
        Thread.ofVirtual()
            .start(() -> {
              thrown.complete(
                  catchThrowableOfType(
                      ChrysalisException.class,
                      () -> SideBySide.map(List.of(1, 2), _ -> untilInterrupted(begun, ended))));
              flag.complete(Thread.currentThread().isInterrupted());
            });
    begun.await();

    waits.interrupt();

    assertThat(thrown.get(30, TimeUnit.SECONDS).code()).isEqualTo(EngineErrors.INTERRUPTED);
    assertThat(flag.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(ended).hasValue(2);
  }

  @Test
  void beginsNothingForWhoIsInterruptedAlready() {
    AtomicInteger begun = new AtomicInteger();
    Function<Integer, Integer> count = _ -> begun.incrementAndGet();
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> SideBySide.map(List.of(1), count))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(EngineErrors.INTERRUPTED));
    // Takes the flag away again, for the tests that come after this one.
    assertThat(Thread.interrupted()).isTrue();
    assertThat(begun).hasValue(0);
  }

  private static int fail(RuntimeException e) {
    throw e;
  }

  private static int untilInterrupted(CountDownLatch begun, AtomicInteger ended) {
    begun.countDown();
    try {
      // Far longer than the test waits, so that a miss is seen and does not hang.
      boolean _ = new CountDownLatch(1).await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      ended.incrementAndGet();
      Thread.currentThread().interrupt();
    }
    return 0;
  }
}
