package dev.chrysalis.vault.backend;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultErrors;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// The tries of one call. For one thread.
final class Attempts {
  private final RetryPolicy policy;
  private final Pause pause;
  private final RandomGenerator random;
  private final LongSupplier nanoTime;
  private int failures;
  private long firstFailure;

  Attempts(RetryPolicy policy, Pause pause, RandomGenerator random, LongSupplier nanoTime) {
    this.policy = policy;
    this.pause = pause;
    this.random = random;
    this.nanoTime = nanoTime;
  }

  /// Makes a call until it succeeds, or its failure is one that no further try may follow.
  <T> T until(Supplier<T> call) {
    while (true) {
      try {
        return call.get();
      } catch (ChrysalisException e) {
        awaitNext(e);
      }
    }
  }

  /// Returns when the next try may begin, or throws the failure where none may.
  void awaitNext(ChrysalisException failure) {
    if (!VaultErrors.mayPass(failure.code())) {
      throw failure;
    }
    long now = nanoTime.getAsLong();
    if (failures++ == 0) {
      firstFailure = now;
    }
    Duration spent = Duration.ofNanos(now - firstFailure);
    Duration wait = policy.waitAfter(failures, random);
    if (spent.plus(wait).compareTo(policy.deadline()) > 0) {
      throw gaveUp(failure, spent);
    }
    try {
      pause.take(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChrysalisException(
          VaultErrors.INTERRUPTED,
          "interrupted while waiting to try again: " + failure.getMessage(),
          "the work was stopped; run it again",
          failure);
    }
  }

  /// Something went well: a later failure begins a new count.
  void progressed() {
    failures = 0;
  }

  private ChrysalisException gaveUp(ChrysalisException failure, Duration spent) {
    String tries = failures == 1 ? "1 try" : failures + " tries";
    return new ChrysalisException(
        failure.code(),
        failure.getMessage() + " (gave up after " + tries + " in " + spent.toSeconds() + " s)",
        failure.hint(),
        failure);
  }
}
