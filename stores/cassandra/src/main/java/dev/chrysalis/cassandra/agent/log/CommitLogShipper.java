package dev.chrysalis.cassandra.agent.log;

import dev.chrysalis.cassandra.archive.MemberLogs;
import dev.chrysalis.cassandra.archive.NodeFacts;
import dev.chrysalis.cassandra.archive.PieceFacts;
import dev.chrysalis.cassandra.archive.SchemaSeen;
import dev.chrysalis.cassandra.archive.SegmentName;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.Stopper;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Ships a node's commit log to the vault, by its files alone.
///
/// 1. Go on with the member's newest log where the segment at its end, or the one behind it, is
///    there (`SegmentWatch`); else begin a new one, for which a base is taken.
/// 2. Ship it (`LogShipment`) until it breaks; then again from 1.
/// 3. Meanwhile take another base whenever the schema has changed, or a table was truncated
///    (`SchemaWatch`): no log leads over that.
/// 4. After any failure try again, after a growing pause.
///
/// Properties: what the server had synced at a moment is in the vault `sealEvery` and one write
/// later, as long as the vault takes it; what it has acknowledged may be as much older as its
/// `commitlog_sync_period` says. One piece is held in memory. Several shippers of one member may
/// run at once, each piece is sealed once; a shipper that is killed goes on where the vault's log
/// ends. What it keeps of the server's disk is bounded by `spoolBytes`.
///
/// `run` occupies its thread until `close`, which may be called by any thread and lets it ship what
/// is there, for 5 s.
public final class CommitLogShipper implements Runnable, AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration BASE_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_BASE_PAUSE = Duration.ofMinutes(1);
  private static final Duration LOOK_AT_SCHEMA = Duration.ofSeconds(1);

  private final Vault vault;
  private final ShipperSettings settings;
  private final Node node;
  private final Clock clock;
  private final RandomGenerator random;
  private final Consumer<ShipEvent> events;
  private final MemberLogs logs;
  private final SegmentSpool spool;
  private final Stopper stopper = new Stopper();

  /// The node itself, where its files do not do.
  public interface Node {
    /// Takes a base for a log: a snapshot of the node.
    Snapshot base(LogName log);

    /// The version of its schema. An error where it does not answer.
    String schemaVersion();
  }

  /// @param random names new logs
  /// @param events called by the shipper's threads, not for long
  public CommitLogShipper(
      Vault vault,
      ShipperSettings settings,
      Node node,
      Clock clock,
      RandomGenerator random,
      Consumer<ShipEvent> events) {
    this.vault = vault;
    this.settings = settings;
    this.node = node;
    this.clock = clock;
    this.random = random;
    this.events = events;
    this.logs = new MemberLogs(vault, settings.store(), settings.member());
    this.spool = new SegmentSpool(settings.commitLog());
  }

  @Override
  public void run() {
    Duration pause = FIRST_PAUSE;
    while (!stopper.isStopped()) {
      try {
        ship();
        pause = FIRST_PAUSE;
      } catch (ChrysalisException e) {
        events.accept(failing(e));
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(settings.retryAtMost()) < 0 ? doubled : settings.retryAtMost();
      }
      boolean _ = stopper.awaitStop(pause);
    }
  }

  /// Ends `run` soon.
  @Override
  public void close() {
    stopper.stop();
  }

  static ShipEvent failing(ChrysalisException e) {
    return e.code().number() / 1000 == VaultErrors.UNREACHABLE.number() / 1000
        ? new ShipEvent.VaultFailing(e)
        : new ShipEvent.NodeFailing(e);
  }

  private void ship() {
    Optional<LogName> newest = logs.newest();
    Optional<LogPiece> end = newest.flatMap(log -> vault.log(log).newest());
    if (newest.isPresent() && end.isPresent()) {
      PieceFacts facts = PieceFacts.of(end.get());
      Optional<SegmentWatch> watch =
          facts.life().equals(new DataLife(settings.data().getFirst()).now())
              ? SegmentWatch.resumed(spool, clock, settings.spoolBytes(), facts.segment())
              : Optional.empty();
      if (watch.isPresent()) {
        resume(newest.get(), end.get().to(), facts, watch.get());
        return;
      }
      events.accept(
          new ShipEvent.LogEnded(newest.get(), "what follows " + facts.segment() + " is gone"));
    }
    begin();
  }

  private void resume(LogName log, long position, PieceFacts facts, SegmentWatch watch) {
    SegmentName first = watch.oldest();
    long offset = first.equals(facts.segment()) ? facts.to() : 0;
    LogShipment.Place place =
        new LogShipment.Place(log, position, first, offset, facts.asOf(), facts.life());
    ship(place, watch, facts.schema(), newestBase(log));
  }

  /// One that was begun may not have come to its end.
  private Optional<NodeFacts> newestBase(LogName log) {
    return vault.snapshots(settings.store()).stream()
        .map(snapshot -> NodeFacts.fromMap(snapshot.facts()))
        .filter(facts -> facts.member().equals(settings.member()))
        .filter(facts -> facts.log().filter(log.stream()::equals).isPresent())
        .max(Comparator.comparing(NodeFacts::taken));
  }

  private void begin() {
    Optional<SegmentWatch> watch = SegmentWatch.fresh(spool, clock, settings.spoolBytes());
    if (watch.isPresent()) {
      Instant now = clock.instant();
      LogName log = logs.fresh(now, random.nextInt());
      ship(
          new LogShipment.Place(
              log, 0, watch.get().oldest(), 0, now, new DataLife(settings.data().getFirst()).now()),
          watch.get(),
          SchemaSeen.NOTHING,
          Optional.empty());
    }
  }

  /// @param before what was seen last of the node's tables
  /// @param base the newest of this log
  private void ship(
      LogShipment.Place place, SegmentWatch watch, SchemaSeen before, Optional<NodeFacts> base) {
    events.accept(
        new ShipEvent.Shipping(
            place.log(), place.segment().toString(), place.offset(), base.isEmpty()));
    SchemaWatch schema = new SchemaWatch(settings.data(), node::schemaVersion, clock, before);
    Stopper ended = new Stopper();
    try (watch;
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.execute(() -> look(watch, ended));
      threads.execute(() -> look(schema, ended));
      threads.execute(() -> takeBases(place.log(), schema, base, ended));
      try {
        new LogShipment(vault, settings, place, watch, schema, events, stopper).run();
      } finally {
        ended.stop();
        threads.shutdownNow();
      }
    }
  }

  /// Looks all the time, so that no segment comes and goes while the vault takes a piece.
  private void look(SegmentWatch watch, Stopper ended) {
    while (!ended.awaitStop(LOOK)) {
      try {
        watch.look();
      } catch (ChrysalisException e) {
        events.accept(failing(e));
      }
    }
  }

  /// Sees to it that there always is a base with the tables that the node has. One that is taken
  /// while they change is followed by another.
  private void takeBases(LogName log, SchemaWatch schema, Optional<NodeFacts> base, Stopper ended) {
    Optional<NodeFacts> newest = base;
    Duration pause = LOOK_AT_SCHEMA;
    while (!ended.isStopped()) {
      try {
        if (newest.isEmpty() || schema.seen().outdates(newest.get())) {
          Snapshot taken = node.base(log);
          newest = Optional.of(NodeFacts.fromMap(taken.facts()));
          events.accept(new ShipEvent.BaseTaken(log, taken));
        }
        pause = LOOK_AT_SCHEMA;
      } catch (ChrysalisException e) {
        events.accept(failing(e));
        Duration longer = pause.plus(BASE_PAUSE);
        pause = longer.compareTo(LONGEST_BASE_PAUSE) < 0 ? longer : LONGEST_BASE_PAUSE;
      }
      boolean _ = ended.awaitStop(pause);
    }
  }

  /// Beside the taking of bases, which may take hours.
  private void look(SchemaWatch schema, Stopper ended) {
    while (!ended.isStopped()) {
      try {
        schema.look();
      } catch (ChrysalisException e) {
        events.accept(failing(e));
        boolean _ = ended.awaitStop(BASE_PAUSE);
      }
      boolean _ = ended.awaitStop(LOOK_AT_SCHEMA);
    }
  }
}
