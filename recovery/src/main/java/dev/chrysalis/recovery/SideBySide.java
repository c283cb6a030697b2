package dev.chrysalis.recovery;

import dev.chrysalis.model.ChrysalisException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// Does the same with many at once, each on a thread of its own.
public final class SideBySide {
  private SideBySide() {}

  /// The results, in the order of what they are of. A `ChrysalisException` of any is thrown here.
  public static <T, R> List<R> map(Collection<T> all, Function<T, R> each) {
    try (ExecutorService side = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<R>> asked =
          all.stream()
              .map(one -> CompletableFuture.supplyAsync(() -> each.apply(one), side))
              .toList();
      return asked.stream().map(CompletableFuture::join).toList();
    } catch (CompletionException e) {
      if (e.getCause() instanceof ChrysalisException known) {
        throw known;
      }
      throw e;
    }
  }
}
