package dev.chrysalis.redis.agent.log;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.Stopper;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.agent.aof.AofScanner;
import dev.chrysalis.redis.archive.CoverageMarks;
import dev.chrysalis.redis.archive.PieceFacts;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.Vault;
import java.io.File;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Ships one log for as long as it goes on.
///
/// 1. Look at the files every 50 ms, and ask the server every half second what it is.
/// 2. When something waits for long enough, read it, scan it, and give it to the vault as a piece;
///    one at a time, never over the end of a file.
/// 3. When all is in the vault say so by a mark: at once at the beginning of a file, else every few
///    seconds.
/// 4. The log ends where its files end, or when the server is no master any more. What the files
///    hold by then is shipped first; also when the server is gone.
///
/// Properties: a position is sealed once, whoever else ships; one piece is held in memory; while
/// the vault is away nothing is lost for as long as the volume has room for what is kept open. For
/// one thread.
final class LogShipment {
  private static final Duration POLL = Duration.ofMillis(20);
  private static final long LOOK = Duration.ofMillis(50).toNanos();
  private static final long ASK = Duration.ofMillis(500).toNanos();
  private static final Duration LAST_SEAL = Duration.ofSeconds(5);
  private static final int ROOM_SHARE = 20;

  private final ShipperSettings settings;
  private final LogName name;
  private final FollowedFiles files;
  private final AofScanner scanner;
  private final PieceWriter writer;
  private final CoverageMarks marks;
  private final Executor executor;
  private final Consumer<ShipEvent> events;
  private final Stopper stopper;
  private final AtomicLong covered;
  private final String continuity;
  private final ByteBuffer buffer;

  private long offset;
  private long shippedOffset;
  private ServerMoment moment;
  private long lookedNanos;
  private long askedNanos;
  private long markedNanos = System.nanoTime();
  private boolean markNow = true;
  private @Nullable End end;
  private @Nullable ChrysalisException failure;

  LogShipment(
      Vault vault,
      ShipperSettings settings,
      LogPlace place,
      ServerMoment moment,
      Executor executor,
      Consumer<ShipEvent> events,
      Stopper stopper,
      AtomicLong covered) {
    this.settings = settings;
    this.name = place.log();
    this.files = place.files();
    this.scanner = place.scanner();
    this.writer = new PieceWriter(vault.log(name), executor);
    this.marks = new CoverageMarks(vault.records(), settings.store());
    this.executor = executor;
    this.events = events;
    this.stopper = stopper;
    this.covered = covered;
    this.continuity = moment.continuity();
    this.buffer = ByteBuffer.allocate(settings.pieceBytes());
    this.offset = place.offset();
    this.shippedOffset = place.offset();
    this.moment = moment;
    covered.set(place.position());
  }

  /// Why a shipment is over.
  enum End {
    STOPPED,
    /// The files of the log end, or another one has begun.
    FILES,
    /// The server is no master any more.
    DEMOTED,
    /// The server writes no append-only file any more.
    SWITCHED_OFF,
    OVERTAKEN
  }

  /// Ships to the log's end. Throws what made the server or its files unusable, after what was
  /// there is shipped.
  End run(AofServer server) {
    long stoppedNanos = 0;
    while (true) {
      if (stopper.isStopped() && stoppedNanos == 0) {
        stoppedNanos = System.nanoTime();
        end = End.STOPPED;
      }
      observe(server);
      boolean moved = settle();
      moved |= cut();
      if (end == End.OVERTAKEN || (isAllShipped() && isOver())) {
        return over();
      }
      boolean late = System.nanoTime() - stoppedNanos > LAST_SEAL.toNanos();
      if (stoppedNanos != 0 && (late || Thread.currentThread().isInterrupted())) {
        return End.STOPPED;
      }
      if (!moved) {
        mark();
        pause();
      }
    }
  }

  private boolean isOver() {
    return end != null || failure != null || files.ended();
  }

  private End over() {
    ChrysalisException why = failure;
    if (why != null && end == null) {
      throw why;
    }
    return end == null ? End.FILES : end;
  }

  private void pause() {
    if (stopper.isStopped()) {
      LockSupport.parkNanos(POLL.toNanos());
    } else {
      boolean _ = stopper.awaitStop(POLL);
    }
  }

  private void observe(AofServer server) {
    long now = System.nanoTime();
    try {
      if (end == null && failure == null && now - askedNanos >= ASK) {
        askedNanos = now;
        moment = files.ask(server::moment);
        end = endBy(moment);
      }
      if (now - lookedNanos >= LOOK) {
        lookedNanos = now;
        files.look(moment, server::moment);
        requireSameFile();
        requireRoom();
      }
    } catch (ChrysalisException e) {
      if (failure == null) {
        failure = e;
      }
    }
  }

  private static @Nullable End endBy(ServerMoment moment) {
    if (!moment.master()) {
      return End.DEMOTED;
    }
    return moment.appendOnly() ? null : End.SWITCHED_OFF;
  }

  private void requireSameFile() {
    if (files.current().growth().size() < offset) {
      events.accept(
          new ShipEvent.LogEnded(
              name, covered.get(), files.current().file().name() + " was cut off"));
      end = End.FILES;
      offset = files.current().growth().size();
    }
  }

  /// Files that have no name any more take room from the server for as long as they are open.
  private void requireRoom() {
    if (files.count() < 2 || !files.holdUnnamed()) {
      return;
    }
    File volume = settings.data().toFile();
    if (volume.getUsableSpace() < volume.getTotalSpace() / ROOM_SHARE) {
      events.accept(
          new ShipEvent.LogEnded(
              name, covered.get(), "the server's volume is too full to keep rewritten files"));
      end = End.OVERTAKEN;
    }
  }

  private boolean settle() {
    switch (writer.poll()) {
      case PieceWriter.Outcome.Nothing() -> {
        return false;
      }
      case PieceWriter.Outcome.Done done -> {
        covered.set(done.piece().to());
        shippedOffset = done.facts().offset();
        markedNanos = System.nanoTime();
        events.accept(new ShipEvent.Sealed(name, done.piece()));
      }
      case PieceWriter.Outcome.Failed failed ->
          events.accept(new ShipEvent.VaultFailing(failed.error()));
      case PieceWriter.Outcome.Taken taken -> {
        events.accept(new ShipEvent.Overtaken(name, taken.piece()));
        end = End.OVERTAKEN;
      }
    }
    return true;
  }

  private boolean isAllShipped() {
    FollowedFiles.Followed current = files.current();
    return writer.isIdle() && files.count() == 1 && offset >= current.growth().size();
  }

  /// Gives the next piece to the vault where one is ripe, or goes on to the next file.
  private boolean cut() {
    FollowedFiles.Followed current = files.current();
    long size = current.growth().size();
    if (!writer.isIdle()) {
      return false;
    }
    if (offset >= size) {
      return files.count() > 1 && leave(current);
    }
    boolean full = size - offset >= settings.pieceBytes();
    if (!full && !files.currentIsComplete() && !isOver() && !waitedLongEnough(current)) {
      return false;
    }
    seal(current, size);
    return true;
  }

  private boolean leave(FollowedFiles.Followed current) {
    if (scanner.boundary() != scanner.position()) {
      throw LogStart.damaged(current.file(), "it ends within a command");
    }
    files.leaveCurrent();
    offset = files.current().start();
    shippedOffset = offset;
    markNow = true;
    return true;
  }

  private boolean waitedLongEnough(FollowedFiles.Followed current) {
    Instant since = current.growth().thereBy(offset + 1);
    return !since.plus(settings.sealEvery()).isAfter(current.growth().looked());
  }

  private void seal(FollowedFiles.Followed current, long size) {
    buffer.clear().limit((int) Math.min(buffer.capacity(), size - offset));
    current.file().read(offset, buffer);
    if (!buffer.hasRemaining()) {
      return;
    }
    long from = scanner.position();
    Optional<Instant> since = current.growth().nothingBehind(offset);
    scanner.feed(buffer.duplicate());
    scanner
        .damage()
        .ifPresent(why -> {
          throw LogStart.damaged(current.file(), why);
        });
    offset += buffer.remaining();
    Instant asOf = current.growth().thereBy(offset);
    Optional<Instant> until = current.growth().nothingBehind(offset);
    current.growth().forgetBefore(offset);
    writer.write(from, buffer, facts(current, asOf, since, until));
  }

  private PieceFacts facts(
      FollowedFiles.Followed current,
      Instant asOf,
      Optional<Instant> since,
      Optional<Instant> until) {
    return new PieceFacts(
        scanner.boundary(),
        asOf,
        since,
        until,
        current.file().name(),
        current.file().inode(),
        offset,
        current.file().tail(offset));
  }

  /// Says that all is covered, where that is sure: a server that waits for its first rewrite writes
  /// nothing into the file that is there.
  private void mark() {
    long now = System.nanoTime();
    boolean due = markNow || now - markedNanos >= settings.markEvery().toNanos();
    boolean sure = !moment.rewrites() || moment.continuity().equals(continuity);
    if (!due || !sure || isOver() || !isAllShipped() || shippedOffset != offset) {
      return;
    }
    markNow = false;
    markedNanos = now;
    FollowedFiles.Followed current = files.current();
    Instant asOf = current.growth().asOf();
    PieceFacts facts = facts(current, asOf, Optional.empty(), Optional.of(asOf));
    CoverageMarks.Mark mark = new CoverageMarks.Mark(name, scanner.position(), facts);
    executor.execute(() -> {
      try {
        marks.write(settings.member(), mark);
      } catch (ChrysalisException e) {
        events.accept(new ShipEvent.VaultFailing(e));
      }
    });
  }

  /// Whether what was read is not of the form that a server writes.
  static boolean isDamage(ChrysalisException e) {
    return e.code().equals(RedisErrors.AOF_DAMAGED);
  }
}
