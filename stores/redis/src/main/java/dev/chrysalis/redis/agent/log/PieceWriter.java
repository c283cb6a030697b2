package dev.chrysalis.redis.agent.log;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.archive.PieceFacts;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.LogStream;
import dev.chrysalis.vault.LogStream.Appended;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Writes one piece after another into the vault, by another thread. A write that fails is repeated
/// with the same positions and bytes, after a growing pause; a piece that is then there with the
/// same facts is its own. For one thread.
final class PieceWriter {
  private static final long FIRST_PAUSE = Duration.ofMillis(100).toNanos();
  private static final long LONGEST_PAUSE = Duration.ofSeconds(5).toNanos();

  private final LogStream log;
  private final Executor executor;
  private @Nullable Write underWay;

  PieceWriter(LogStream log, Executor executor) {
    this.log = log;
    this.executor = executor;
  }

  /// What came of looking at the write under way.
  sealed interface Outcome {
    record Nothing() implements Outcome {}

    record Done(LogPiece piece, PieceFacts facts) implements Outcome {}

    record Failed(ChrysalisException error) implements Outcome {}

    record Taken(LogPiece piece) implements Outcome {}
  }

  private static final class Write {
    final long from;
    final ByteBuffer content;
    final PieceFacts facts;
    @Nullable CompletableFuture<Appended> result;
    long retryAt;
    long pause = FIRST_PAUSE;

    Write(long from, ByteBuffer content, PieceFacts facts) {
      this.from = from;
      this.content = content;
      this.facts = facts;
    }

    long to() {
      return from + content.remaining();
    }
  }

  boolean isIdle() {
    return underWay == null;
  }

  /// Begins a write; only while none is under way. The content is the writer's until then.
  void write(long from, ByteBuffer content, PieceFacts facts) {
    Write write = new Write(from, content, facts);
    underWay = write;
    begin(write);
  }

  Outcome poll() {
    Write write = underWay;
    if (write == null) {
      return new Outcome.Nothing();
    }
    CompletableFuture<Appended> result = write.result;
    if (result == null) {
      if (System.nanoTime() - write.retryAt >= 0) {
        begin(write);
      }
      return new Outcome.Nothing();
    }
    return result.isDone() ? outcome(write, result) : new Outcome.Nothing();
  }

  private Outcome outcome(Write write, CompletableFuture<Appended> result) {
    try {
      return switch (result.join()) {
        case Appended.Stored stored -> {
          underWay = null;
          yield new Outcome.Done(stored.piece(), write.facts);
        }
        case Appended.Taken taken when isOwn(write, taken.piece()) -> {
          underWay = null;
          yield new Outcome.Done(taken.piece(), write.facts);
        }
        case Appended.Taken taken -> new Outcome.Taken(taken.piece());
      };
    } catch (CompletionException e) {
      if (e.getCause() instanceof ChrysalisException failure) {
        write.result = null;
        write.retryAt = System.nanoTime() + write.pause;
        write.pause = Math.min(2 * write.pause, LONGEST_PAUSE);
        return new Outcome.Failed(failure);
      }
      throw e;
    }
  }

  /// Whether an attempt that seemed to fail has stored the piece.
  private static boolean isOwn(Write write, LogPiece piece) {
    return piece.from() == write.from
        && piece.to() == write.to()
        && PieceFacts.of(piece.facts()).filter(write.facts::equals).isPresent();
  }

  private void begin(Write write) {
    write.result =
        CompletableFuture.supplyAsync(
            () ->
                log.append(write.from, write.to(), write.content.duplicate(), write.facts.toMap()),
            executor);
  }
}
