package dev.chrysalis.vault.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The same work in many threads that all begin at once.
public final class Race {
  private Race() {}

  /// Returns each thread's result, by its number from 0; throws the first failure.
  public static <T> List<T> of(int threads, Work<T> work) throws Exception {
    CyclicBarrier start = new CyclicBarrier(threads);
    List<Callable<T>> calls = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int number = i;
      calls.add(() -> {
        start.await();
        return work.run(number);
      });
    }
    List<T> results = new ArrayList<>();
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<T> future : pool.invokeAll(calls)) {
        results.add(future.get());
      }
    }
    return results;
  }

  /// What one thread does.
  public interface Work<T> {
    T run(int number) throws Exception;
  }
}
