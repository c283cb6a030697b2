package dev.chrysalis.workloads;

import dev.chrysalis.engine.EngineErrors;
import dev.chrysalis.model.ChrysalisException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/// Does the same with many at once, each on a thread of its own.
public final class SideBySide {
  private SideBySide() {}

  /// The results, in the order of what they are of. A `ChrysalisException` of any is thrown here.
  /// Where the caller is interrupted all of them are, nothing more is begun, and `INTERRUPTED` is
  /// thrown.
  public static <T, R> List<R> map(Collection<T> all, Function<T, R> each) {
    if (Thread.currentThread().isInterrupted()) {
      throw interruption(new InterruptedException("before it began"));
    }
    try (ExecutorService side = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<R>> asked = all.stream().map(one -> side.submit(() -> each.apply(one))).toList();
      try {
        return results(asked);
      } catch (InterruptedException e) {
        side.shutdownNow();
        Thread.currentThread().interrupt();
        throw interruption(e);
      }
    }
  }

  private static <R> List<R> results(List<Future<R>> asked) throws InterruptedException {
    List<R> results = new ArrayList<>();
    for (Future<R> one : asked) {
      try {
        results.add(one.get());
      } catch (ExecutionException e) {
        if (e.getCause() instanceof ChrysalisException known) {
          throw known;
        }
        throw new CompletionException(e.getCause());
      }
    }
    return List.copyOf(results);
  }

  private static ChrysalisException interruption(InterruptedException cause) {
    return new ChrysalisException(
        EngineErrors.INTERRUPTED,
        "interrupted while several things were looked at",
        "give the same command again, or `chrysalis resume` where a run was at work",
        cause);
  }
}
