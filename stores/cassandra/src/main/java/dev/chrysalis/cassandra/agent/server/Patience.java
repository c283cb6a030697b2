package dev.chrysalis.cassandra.agent.server;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.CassandraNode;
import dev.chrysalis.model.ChrysalisException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.management.InstanceNotFoundException;

/// Waits for a node no longer than it is told to. RMI itself waits for ever: for a node that is
/// halted, whose kernel still takes connections.
final class Patience {
  private final CassandraNode node;
  private final Duration timeout;

  Patience(CassandraNode node, Duration timeout) {
    this.node = node;
    this.timeout = timeout;
  }

  /// The call's answer. What does not come in time goes on in a thread that is given up.
  <T> T call(String what, Callable<T> call) {
    return call(what, call, timeout);
  }

  /// As `call`, with another time.
  <T> T call(String what, Callable<T> call, Duration within) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("chrysalis-jmx")
        .start(() -> {
          try {
            answer.complete(call.call());
          } catch (Exception e) {
            answer.completeExceptionally(e);
          }
        });
    try {
      return answer.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw translated(what, e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw new ChrysalisException(
          CassandraErrors.UNREACHABLE,
          "%s has not answered for %d s (%s)".formatted(node, within.toSeconds(), what),
          "see whether the node hangs, and its log",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChrysalisException(
          CassandraErrors.INTERRUPTED,
          "interrupted while " + node + " was asked",
          "start it again");
    }
  }

  private ChrysalisException translated(String what, Throwable cause) {
    if (cause instanceof ChrysalisException known) {
      return known;
    }
    if (cause instanceof InstanceNotFoundException) {
      return new ChrysalisException(
          CassandraErrors.UNREACHABLE,
          node + " has only begun to start (" + what + ")",
          "wait for it, and see its log",
          cause);
    }
    return new ChrysalisException(
        CassandraErrors.COMMAND_FAILED,
        "%s cannot %s: %s".formatted(node, what, cause),
        "see the node's log",
        cause);
  }
}
