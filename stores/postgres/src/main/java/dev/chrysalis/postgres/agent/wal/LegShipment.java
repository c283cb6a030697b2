package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.vault.LogPiece;
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
  private static final long MOST_COMPARED = 1 << 20;

  private final LogStream log;
  private final Leg leg;
  private final WalServer.Identity identity;
  private final Consumer<ShipEvent> listener;
  private final Stopper stopper;
  private final PieceSealer sealer;
  private WalRecordReader reader;
  private final Lsn begin;
  private final ByteBuffer known;
  private final AtomicLong lastCommitNanos;

  private Lsn streamed;
  private Lsn durable;
  private Lsn serverEnd;
  private @Nullable Lsn lastRecord;
  private @Nullable Lsn lastCommit;
  private @Nullable Instant commitAt;
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
    Optional<LogPiece> newest = log.newest().filter(p -> p.to() == leg.from().value());
    Optional<PieceFacts> before = newest.map(p -> PieceFacts.of(p.facts()));
    this.begin = begin(before);
    this.known = known();
    this.reader = new WalRecordReader(begin, identity.segmentBytes(), this::seen);
    this.streamed = begin;
    this.serverEnd = begin;
    this.durable = before.flatMap(PieceFacts::nextRecord).orElse(begin);
    this.lastRecord = before.flatMap(PieceFacts::lastRecord).orElse(null);
    this.lastCommit = before.flatMap(PieceFacts::lastCommit).orElse(null);
    this.commitAt = before.flatMap(PieceFacts::commitAt).orElse(null);
  }

  /// Where streaming begins: at a page, at least a byte before the coverage's end where there is
  /// any, so that there is something to compare.
  private Lsn begin(Optional<PieceFacts> before) {
    Lsn next = before.flatMap(PieceFacts::nextRecord).orElse(leg.from());
    Lsn first = next.compareTo(leg.from()) < 0 ? next : leg.from();
    Lsn page = first.segmentStart(WalRecordReader.PAGE_BYTES);
    Lsn segment = first.segmentStart(identity.segmentBytes());
    boolean moreToCompare =
        before.isPresent() && page.equals(leg.from()) && page.compareTo(segment) > 0;
    return moreToCompare ? page.plus(-WalRecordReader.PAGE_BYTES) : page;
  }

  private ByteBuffer known() {
    long to = leg.from().value();
    long from =
        log.extents().stream()
            .filter(e -> e.from() < to && to <= e.to())
            .mapToLong(e -> Math.max(e.from(), Math.max(begin.value(), to - MOST_COMPARED)))
            .findFirst()
            .orElse(to);
    try {
      return ByteBuffer.wrap(LogBytes.read(log, from, to));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /// Ships until the leg is complete (true), or the shipper ends or was overtaken (false).
  boolean run(WalServer server, String slot, Runnable idle) {
    try {
      CopyDual copy = server.stream(slot, leg.timeline(), begin);
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
    compare(wal.from(), bytes);
    long repeated = Math.clamp(leg.from().minus(wal.from()), 0, bytes.remaining());
    read(wal.from(), bytes.duplicate());
    sealer.add(bytes.position((int) repeated));
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

  private void compare(Lsn from, ByteBuffer bytes) {
    long knownFrom = leg.from().value() - known.limit();
    long first = Math.max(from.value(), knownFrom);
    long end = Math.min(from.value() + bytes.remaining(), leg.from().value());
    if (first < end) {
      int length = (int) (end - first);
      ByteBuffer ours = known.slice((int) (first - knownFrom), length);
      if (ours.mismatch(bytes.slice((int) (first - from.value()), length)) >= 0) {
        throw conflict("the server's WAL before %s is not the vault's".formatted(leg.from()));
      }
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
    lastRecord = record.start();
    if (record.detail() instanceof WalRecord.Detail.Commit commit) {
      lastCommitNanos.set(System.nanoTime());
      lastCommit = record.start();
      if (commitAt == null || commit.at().isAfter(commitAt)) {
        commitAt = commit.at();
      }
    }
  }

  private PieceFacts facts() {
    Instant upTo = asOf;
    Instant committed = commitAt;
    if (upTo == null || (committed != null && committed.isAfter(upTo))) {
      upTo = committed;
    }
    return new PieceFacts(
        identity.segmentBytes(),
        identity.version(),
        Optional.ofNullable(lastRecord),
        reader.nextRecord(),
        Optional.ofNullable(lastCommit),
        Optional.ofNullable(commitAt),
        Optional.ofNullable(upTo));
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
