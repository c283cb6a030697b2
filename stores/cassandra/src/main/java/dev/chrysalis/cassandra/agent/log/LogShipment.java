package dev.chrysalis.cassandra.agent.log;

import dev.chrysalis.cassandra.archive.PieceFacts;
import dev.chrysalis.cassandra.archive.SegmentName;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.Stopper;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.LogStream;
import dev.chrysalis.vault.LogStream.Appended;
import dev.chrysalis.vault.Vault;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Ships one log for as long as it goes on.
///
/// 1. When synced content of the segment has waited for long enough, is enough for a piece, or the
///    segment behind it was begun, seal it.
/// 2. When all of a segment is sealed and the one behind it was begun, go on to that.
/// 3. When all is sealed and nothing came for a while, seal an empty piece: all is covered.
///
/// For one thread.
final class LogShipment {
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LAST_SEAL = Duration.ofSeconds(5);
  private static final Duration CLOCK_STEP = Duration.ofSeconds(2);

  private final ShipperSettings settings;
  private final LogName name;
  private final LogStream log;
  private final SegmentWatch watch;
  private final SchemaWatch schema;
  private final Consumer<ShipEvent> events;
  private final Stopper stopper;
  private final ByteBuffer buffer;

  private long position;
  private SegmentName segment;
  private long offset;
  private Instant asOf;
  private final String life;
  private final DataLife data;
  private long sealedNanos = System.nanoTime();
  private boolean over;

  /// Where a log goes on.
  ///
  /// @param position of the next piece
  /// @param asOf that of the piece before it
  /// @param life of the data that the log is of
  record Place(
      LogName log, long position, SegmentName segment, long offset, Instant asOf, String life) {}

  LogShipment(
      Vault vault,
      ShipperSettings settings,
      Place place,
      SegmentWatch watch,
      SchemaWatch schema,
      Consumer<ShipEvent> events,
      Stopper stopper) {
    this.settings = settings;
    this.name = place.log();
    this.log = vault.log(name);
    this.watch = watch;
    this.schema = schema;
    this.events = events;
    this.stopper = stopper;
    this.buffer = ByteBuffer.allocate(settings.pieceBytes());
    this.position = place.position();
    this.segment = place.segment();
    this.offset = place.offset();
    this.asOf = place.asOf();
    this.life = place.life();
    this.data = new DataLife(settings.data().getFirst());
  }

  /// Ships until the log breaks, another shipper goes on with it, or this one is to end. The first
  /// piece of a log is empty, and of the moment at which it began: before its base.
  void run() {
    if (position == 0) {
      buffer.limit(0);
      append(new PieceFacts(segment, 0, 0, asOf, life, schema.seen()));
    }
    while (!over) {
      SegmentWatch.Reach reach = watch.reach(segment);
      if (ends(reach)) {
        return;
      }
      if (isDue(reach)) {
        seal(reach);
      } else if (reach.synced() <= offset && reach.next().isPresent()) {
        goOn(reach.next().get());
      } else if (stopper.isStopped()) {
        return;
      } else {
        boolean _ = stopper.awaitStop(POLL);
      }
    }
  }

  private boolean ends(SegmentWatch.Reach reach) {
    Optional<String> why =
        watch
            .broken()
            .or(() ->
                reach.at().plus(CLOCK_STEP).isBefore(asOf)
                    ? Optional.of("the clock went back from %s to %s".formatted(asOf, reach.at()))
                    : Optional.empty());
    why.ifPresent(this::end);
    return why.isPresent();
  }

  private void end(String why) {
    over = true;
    events.accept(new ShipEvent.LogEnded(name, why));
  }

  /// Data that began another life since has a log of its own.
  private void goOn(SegmentName next) {
    if (!data.now().equals(life)) {
      end("the node's data was restored or made anew");
      return;
    }
    watch.releaseBefore(next);
    segment = next;
    offset = 0;
  }

  private boolean isDue(SegmentWatch.Reach reach) {
    long waiting = reach.synced() - offset;
    Duration since = Duration.ofNanos(System.nanoTime() - sealedNanos);
    if (waiting <= 0) {
      return reach.next().isEmpty() && since.compareTo(settings.markEvery()) >= 0;
    }
    return reach.next().isPresent()
        || waiting >= settings.pieceBytes()
        || since.compareTo(settings.sealEvery()) >= 0
        || stopper.isStopped();
  }

  private void seal(SegmentWatch.Reach reach) {
    long end = Math.min(reach.synced(), offset + buffer.capacity());
    buffer.clear().limit((int) Math.max(0, end - offset));
    long to = Math.max(offset, end);
    if (buffer.hasRemaining()) {
      watch.segment(segment).read(offset, buffer.slice());
    }
    boolean all = to >= reach.synced() && reach.next().isEmpty();
    Instant reached = all && reach.at().isAfter(asOf) ? reach.at() : asOf;
    append(new PieceFacts(segment, offset, to, reached, life, schema.seen()));
    offset = to;
    asOf = reached;
    sealedNanos = System.nanoTime();
  }

  /// Seals a piece; one that was stored by an attempt that seemed to fail is its own.
  private void append(PieceFacts facts) {
    Map<String, String> map = facts.toMap();
    Duration pause = FIRST_PAUSE;
    long begun = System.nanoTime();
    while (true) {
      try {
        switch (log.append(position, position + 1, buffer.duplicate(), map)) {
          case Appended.Stored stored -> sealed(stored.piece());
          case Appended.Taken taken when taken.piece().facts().equals(map) -> sealed(taken.piece());
          case Appended.Taken _ -> {
            over = true;
            events.accept(new ShipEvent.Overtaken(name));
          }
        }
        return;
      } catch (ChrysalisException e) {
        events.accept(CommitLogShipper.failing(e));
        if (watch.broken().isPresent()) {
          // Nothing more is kept: what is here already would be a log with a hole behind it.
          end(watch.broken().get());
          return;
        }
        if (stopper.awaitStop(pause)) {
          if (System.nanoTime() - begun > LAST_SEAL.toNanos()) {
            throw e;
          }
          LockSupport.parkNanos(FIRST_PAUSE.toNanos());
        }
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(settings.retryAtMost()) < 0 ? doubled : settings.retryAtMost();
      }
    }
  }

  private void sealed(LogPiece piece) {
    position = piece.to();
    events.accept(new ShipEvent.Sealed(name, piece));
  }
}
