package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.LogStream;
import dev.chrysalis.vault.LogStream.Appended;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Turns a stream of WAL into sealed pieces, one being written while the next one fills.
///
/// 1. WAL is added to the filling buffer, at its end only.
/// 2. When the buffer is full, or its first byte has waited long enough, and no piece is under way,
///    the buffers change places and the vault gets the full one.
/// 3. A failed write is repeated with the same positions and bytes, after a growing pause.
/// 4. A place that another writer has is reported; the sealer then is of no use any more, since
///    what it holds must be fitted behind the other's piece.
///
/// Properties: never more than two buffers in memory; positions are written in order, each once.
/// For one thread; the vault is called by another.
final class PieceSealer {
  /// The most that one message of the server holds.
  static final int MESSAGE_BYTES = 128 * 1024;

  private static final long FIRST_PAUSE = Duration.ofMillis(100).toNanos();
  private static final long LONGEST_PAUSE = Duration.ofSeconds(5).toNanos();

  private final LogStream log;
  private final Executor executor;
  private final Supplier<PieceFacts> facts;
  private final long sealNanos;
  private ByteBuffer filling;
  private ByteBuffer spare;
  private long from;
  private long filledSince;
  private @Nullable Write underWay;

  /// @param facts what is true of the log at the end of all bytes added so far
  PieceSealer(
      LogStream log,
      Lsn from,
      ShipperSettings settings,
      Executor executor,
      Supplier<PieceFacts> facts) {
    this.log = log;
    this.from = from.value();
    this.executor = executor;
    this.facts = facts;
    this.sealNanos = settings.sealEvery().toNanos();
    this.filling = ByteBuffer.allocate(settings.pieceBytes() + MESSAGE_BYTES);
    this.spare = ByteBuffer.allocate(settings.pieceBytes() + MESSAGE_BYTES);
  }

  /// What came of looking at the write under way.
  sealed interface Outcome {
    record Nothing() implements Outcome {}

    record Done(LogPiece piece, PieceFacts facts) implements Outcome {}

    record Failed(ChrysalisException error) implements Outcome {}

    /// @param from where the refused piece would have begun; the other's may begin before
    /// @param content all that this sealer holds from there on
    record Taken(LogPiece piece, long from, ByteBuffer content) implements Outcome {}
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

  boolean hasRoom() {
    return filling.remaining() >= MESSAGE_BYTES;
  }

  boolean isEmpty() {
    return underWay == null && filling.position() == 0;
  }

  /// The end of what was added.
  Lsn end() {
    return new Lsn(fillingFrom() + filling.position());
  }

  void add(ByteBuffer wal) {
    if (filling.position() == 0 && wal.hasRemaining()) {
      filledSince = System.nanoTime();
    }
    filling.put(wal);
  }

  /// Looks at the write under way and begins the next one where it is time.
  ///
  /// @param now whether not to wait for more bytes
  Outcome poll(boolean now) {
    Outcome outcome = outcome();
    boolean ripe =
        filling.position() > 0
            && (now || !hasRoom() || System.nanoTime() - filledSince >= sealNanos);
    if (underWay == null && ripe) {
      ByteBuffer full = filling.flip();
      filling = spare;
      spare = full;
      Write write = new Write(from, full, facts.get());
      underWay = write;
      begin(write);
    }
    return outcome;
  }

  private Outcome outcome() {
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
    if (!result.isDone()) {
      return new Outcome.Nothing();
    }
    try {
      return switch (result.join()) {
        case Appended.Stored stored -> done(write, stored.piece());
        case Appended.Taken taken -> taken(write, taken.piece());
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

  private Outcome done(Write write, LogPiece piece) {
    from = write.to();
    write.content.clear();
    underWay = null;
    return new Outcome.Done(piece, write.facts);
  }

  private Outcome taken(Write write, LogPiece piece) {
    ByteBuffer held = ByteBuffer.allocate(write.content.remaining() + filling.position());
    held.put(write.content.duplicate()).put(filling.duplicate().flip());
    return new Outcome.Taken(piece, write.from, held.flip());
  }

  private void begin(Write write) {
    write.result =
        CompletableFuture.supplyAsync(
            () ->
                log.append(write.from, write.to(), write.content.duplicate(), write.facts.toMap()),
            executor);
  }

  private long fillingFrom() {
    Write write = underWay;
    return write == null ? from : write.to();
  }
}
