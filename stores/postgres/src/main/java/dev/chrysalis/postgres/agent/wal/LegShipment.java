package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.Stopper;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.vault.LogStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyDual;

/// Ships one leg: streams it from the server and seals it in the vault.
///
/// 1. Stream from the page of the first record that the vault does not hold whole.
/// 2. Compare what is streamed a second time with what the vault holds; another content means
///    another history, and nothing is written.
/// 3. Add new bytes to the sealer, read their records, and report to the server as durable only the
///    records that the vault has acknowledged.
/// 4. At the leg's end stop reading by ourselves: what the server sends then makes the driver wait
///    for ever.
/// 5. When the server goes away, what was received is still sealed.
///
/// For one thread.
final class LegShipment {
  private static final Duration POLL = Duration.ofMillis(25);
  private static final Duration STATUS = Duration.ofSeconds(1);
  private static final Duration LAST_SEAL = Duration.ofSeconds(5);

  private final LogStream log;
  private final Leg leg;
  private final WalServer.Identity identity;
  private final Consumer<ShipEvent> listener;
  private final Stopper stopper;
  private final PieceSealer sealer;
  private WalRecordReader reader;
  private final Seam seam;
  private final RecordsSeen seen;
  private final AtomicLong lastCommitNanos;

  private Lsn streamed;
  private Lsn durable;
  private Lsn serverEnd;
  private @Nullable Instant asOf;
  private long sealedNanos = System.nanoTime();
  private long statusNanos;
  private boolean overtaken;

  /// @param lastCommitNanos set to the JVM's clock at each commit that is seen
  LegShipment(
      LogStream log,
      Leg leg,
      WalServer.Identity identity,
      ShipperSettings settings,
      Executor executor,
      Consumer<ShipEvent> listener,
      Stopper stopper,
      AtomicLong lastCommitNanos) {
    this.log = log;
    this.leg = leg;
    this.identity = identity;
    this.listener = listener;
    this.stopper = stopper;
    this.lastCommitNanos = lastCommitNanos;
    this.sealer = new PieceSealer(log, leg.from(), settings, executor, this::facts);
    this.seam = seam();
    this.seen = new RecordsSeen(seam.before());
    this.reader = new WalRecordReader(seam.begin(), identity.segmentBytes(), this::seen);
    this.streamed = seam.begin();
    this.serverEnd = seam.begin();
    this.durable = seam.before().flatMap(PieceFacts::nextRecord).orElse(seam.begin());
  }

  private Seam seam() {
    try {
      return Seam.at(log, leg, identity.segmentBytes());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /// Ships until the leg is complete (true), or the shipper ends or was overtaken (false).
  boolean run(WalServer server, String slot, Runnable idle) {
    try {
      CopyDual copy = server.stream(slot, leg.timeline(), seam.begin());
      while (!stopper.isStopped() && !overtaken && !(complete() && sealer.isEmpty())) {
        boolean moved = receive(copy);
        moved |= settle(complete());
        report(copy);
        if (!moved) {
          idle.run();
          stopper.awaitStop(POLL);
        }
      }
    } catch (SQLException e) {
      drain();
      throw server.failed(e);
    }
    if (!overtaken) {
      drain();
    }
    return !overtaken && complete();
  }

  /// Whether all that the server has is in the vault: then up to when.
  Optional<Instant> coveredAsOf() {
    boolean caughtUp = sealer.isEmpty() && streamed.compareTo(serverEnd) >= 0;
    return caughtUp ? Optional.ofNullable(asOf) : Optional.empty();
  }

  /// How long ago the newest piece was sealed.
  Duration sinceSealed() {
    return Duration.ofNanos(System.nanoTime() - sealedNanos);
  }

  Lsn end() {
    return sealer.end();
  }

  private boolean complete() {
    return leg.until().map(end -> sealer.end().compareTo(end) >= 0).orElse(false);
  }

  private boolean receive(CopyDual copy) throws SQLException {
    if (complete() || !sealer.hasRoom()) {
      return false;
    }
    byte[] message = copy.readFromCopy(false);
    if (message == null) {
      return false;
    }
    switch (StreamMessage.of(message)) {
      case StreamMessage.Wal wal -> accept(wal);
      case StreamMessage.Alive alive -> {
        serverEnd = alive.serverEnd();
        caughtUp(alive.sentAt());
        if (alive.wantsReply()) {
          statusNanos = 0;
        }
      }
      case StreamMessage.Unknown() -> {}
    }
    return true;
  }

  private void accept(StreamMessage.Wal wal) {
    ByteBuffer bytes = wal.bytes();
    if (!wal.from().equals(streamed)) {
      throw conflict("the server sent %s after %s".formatted(wal.from(), streamed));
    }
    Lsn end = wal.from().plus(bytes.remaining());
    if (!seam.agrees(wal.from(), bytes)) {
      throw conflict("the server's WAL before %s is not the vault's".formatted(leg.from()));
    }
    read(wal.from(), bytes.duplicate());
    sealer.add(seam.beyond(wal.from(), bytes));
    streamed = end;
    serverEnd = wal.serverEnd();
    caughtUp(wal.sentAt());
  }

  private void caughtUp(Instant at) {
    // Of a former timeline the end says nothing about now.
    if (leg.until().isEmpty() && streamed.compareTo(serverEnd) >= 0) {
      asOf = at;
    }
  }

  /// Shipping must not hang on our understanding of the log: after a record that cannot be read,
  /// reading begins again with the next segment.
  private void read(Lsn from, ByteBuffer bytes) {
    boolean could = reader.stopped().isEmpty();
    reader.feed(bytes.duplicate());
    if (reader.stopped().isEmpty()) {
      return;
    }
    if (could) {
      listener.accept(new ShipEvent.ServerFailing(unreadable(reader.stopped().orElseThrow())));
    }
    long segment = identity.segmentBytes();
    Lsn again = reader.position().segmentStart(segment).plus(segment);
    if (again.compareTo(from.plus(bytes.remaining())) < 0) {
      reader = new WalRecordReader(again, segment, this::seen);
      read(
          again, bytes.slice((int) again.minus(from), bytes.remaining() - (int) again.minus(from)));
    }
  }

  private boolean settle(boolean now) {
    switch (sealer.poll(now)) {
      case PieceSealer.Outcome.Nothing() -> {
        return false;
      }
      case PieceSealer.Outcome.Done done -> {
        sealedNanos = System.nanoTime();
        durable = done.facts().nextRecord().orElse(durable);
        statusNanos = 0;
        listener.accept(new ShipEvent.Sealed(leg.timeline(), done.piece()));
      }
      case PieceSealer.Outcome.Failed failed ->
          listener.accept(new ShipEvent.VaultFailing(failed.error()));
      case PieceSealer.Outcome.Taken taken -> overtaken(taken);
    }
    return true;
  }

  private void overtaken(PieceSealer.Outcome.Taken taken) {
    overtaken = true;
    long from = taken.from();
    long to = Math.min(taken.piece().to(), from + taken.content().remaining());
    // Where another one declared a gap there is nothing to compare.
    boolean held = log.extents().stream().anyMatch(e -> e.covers(from, to));
    try {
      if (held) {
        ByteBuffer theirs = ByteBuffer.wrap(LogBytes.read(log, from, to));
        if (!theirs.equals(taken.content().slice(0, theirs.capacity()))) {
          throw conflict("another shipper sealed another content at " + new Lsn(from));
        }
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
    listener.accept(new ShipEvent.Overtaken(leg.timeline(), taken.piece()));
  }

  private void report(CopyDual copy) throws SQLException {
    long now = System.nanoTime();
    if (statusNanos != 0 && now - statusNanos < STATUS.toNanos()) {
      return;
    }
    boolean ask = statusNanos != 0;
    statusNanos = now;
    byte[] status = StreamMessage.status(streamed, durable, Instant.now(), ask);
    copy.writeToCopy(status, 0, status.length);
    copy.flushCopy();
  }

  /// Seals what was received; while the vault fails for as long as the shipper lives, and a little
  /// longer.
  private void drain() {
    long deadline = System.nanoTime() + LAST_SEAL.toNanos();
    while (!sealer.isEmpty() && !overtaken && !Thread.currentThread().isInterrupted()) {
      boolean moved = settle(true);
      if (!stopper.isStopped()) {
        deadline = System.nanoTime() + LAST_SEAL.toNanos();
      } else if (System.nanoTime() - deadline > 0) {
        return;
      }
      if (!moved) {
        LockSupport.parkNanos(POLL.toNanos());
      }
    }
  }

  private void seen(WalRecord record) {
    seen.accept(record);
    if (record.detail() instanceof WalRecord.Detail.Commit) {
      lastCommitNanos.set(System.nanoTime());
    }
  }

  private PieceFacts facts() {
    return seen.facts(identity.segmentBytes(), identity.version(), reader.nextRecord(), asOf);
  }

  private ChrysalisException conflict(String what) {
    return new ChrysalisException(
        PostgresErrors.TIMELINE_CONFLICT,
        "Timeline %d of system %s: %s"
            .formatted(leg.timeline(), Long.toUnsignedString(identity.system()), what),
        "two servers wrote the same timeline; fence the wrong one, or promote the right one so"
            + " that it begins a new timeline");
  }

  private ChrysalisException unreadable(String why) {
    return new ChrysalisException(
        PostgresErrors.WAL_DAMAGED,
        "Timeline %d holds WAL that cannot be read: %s".formatted(leg.timeline(), why),
        "it is shipped as it is; check the server's log and disk, and make a base backup");
  }

  private ChrysalisException unreadable(IOException e) {
    return new ChrysalisException(
        PostgresErrors.WAL_DAMAGED,
        "The vault's log %s cannot be read: %s".formatted(log.name().stream(), e.getMessage()),
        "check the vault",
        e);
  }
}
