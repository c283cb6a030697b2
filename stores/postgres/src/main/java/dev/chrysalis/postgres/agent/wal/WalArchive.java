package dev.chrysalis.postgres.agent.wal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.Stopper;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.vault.LogExtent;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.LogRange;
import dev.chrysalis.vault.LogStream;
import dev.chrysalis.vault.Vault;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The write-ahead log of a store as the vault holds it: what can be restored, and its bytes. Only
/// reads. Safe for many threads. The vault's errors pass through; `WAL_DAMAGED` where content
/// cannot be read.
public final class WalArchive {
  private static final Duration LOOK = Duration.ofMillis(200);

  private final Vault vault;
  private final String store;

  public WalArchive(Vault vault, String store) {
    this.vault = vault;
    this.store = store;
  }

  /// The system identifiers of the clusters whose WAL the vault holds.
  public List<Long> systems() {
    return vault.logs(store).stream()
        .flatMap(name -> WalNames.parse(name).stream())
        .map(WalNames.Place::system)
        .distinct()
        .toList();
  }

  /// The timelines of a cluster of which the vault has WAL or a history, in ascending order.
  public List<Timeline> timelines(long system) {
    TreeSet<Integer> ids = new TreeSet<>();
    for (LogName name : vault.logs(store)) {
      WalNames.parse(name).filter(p -> p.system() == system).ifPresent(p -> ids.add(p.timeline()));
    }
    String prefix = WalNames.histories(store, system);
    for (String key : vault.records().keys(prefix)) {
      ids.add(Integer.parseInt(key.substring(prefix.length()), 16));
    }
    List<Timeline> all = new ArrayList<>();
    for (int id : ids) {
      TimelineHistory history = history(system, id).orElseGet(() -> TimelineHistory.first(id));
      all.add(new Timeline(history, log(system, id).extents()));
    }
    return all;
  }

  /// The timeline's history; empty where the vault has none, as of timeline 1.
  public Optional<TimelineHistory> history(long system, int timeline) {
    return vault
        .records()
        .read(WalNames.history(store, system, timeline))
        .map(text -> TimelineHistory.parse(timeline, new String(text, UTF_8)));
  }

  /// Up to where the newest unbroken stretch of a timeline reaches.
  public Optional<Lsn> coveredThrough(long system, int timeline) {
    return log(system, timeline).newest().map(p -> new Lsn(p.to()));
  }

  /// When the newest WAL of a timeline was sealed; empty where the vault has none.
  public Optional<Instant> sealedAt(long system, int timeline) {
    return log(system, timeline).newest().map(LogPiece::sealedAt);
  }

  /// The end of a timeline's newest unbroken stretch; empty where no record of it is there.
  public Optional<RestoreTarget> end(long system, int timeline) {
    List<LogExtent> extents = extents(system, timeline);
    return extents.isEmpty() ? Optional.empty() : target(system, timeline, extents.getLast());
  }

  /// Whether a timeline's WAL from `from` to `to` is in the vault without holes.
  public boolean covers(long system, int timeline, Lsn from, Lsn to) {
    return log(system, timeline).extents().stream()
        .anyMatch(e -> e.covers(from.value(), to.value()));
  }

  /// The cluster's segment size, as its shipper stated it.
  public long segmentBytes(long system) {
    return vault.logs(store).reversed().stream()
        .filter(n -> WalNames.parse(n).filter(p -> p.system() == system).isPresent())
        .flatMap(name -> vault.log(name).newest().stream())
        .map(p -> PieceFacts.of(p.facts()).segmentBytes())
        .findFirst()
        .orElse(PieceFacts.USUAL_SEGMENT);
  }

  /// The newest moment that a base backup can be brought to: along the newest timeline that came
  /// from the backup's and to which an unbroken way leads.
  ///
  /// @param timeline the backup's
  /// @param start where the backup's recovery begins
  /// @return empty where not even the WAL at the backup's start is there
  public Optional<RestoreTarget> newestRestorable(long system, int timeline, Lsn start) {
    return way(system, timeline, start).map(RestoreWay::target);
  }

  /// The way to the newest moment that a base backup can be brought to; see `newestRestorable`.
  public Optional<RestoreWay> way(long system, int timeline, Lsn start) {
    return timelines(system).stream()
        .filter(t -> t.history().includes(timeline))
        .filter(t -> t.history().endOf(timeline).filter(e -> e.compareTo(start) < 0).isEmpty())
        .sorted(Comparator.comparingInt(Timeline::id).reversed())
        .flatMap(candidate -> way(system, candidate, timeline, start).stream())
        .findFirst();
  }

  /// The way from `start` to the candidate and as far on it as the vault reaches, if there is one.
  private Optional<RestoreWay> way(long system, Timeline candidate, int from, Lsn start) {
    List<LogRange> logs = new ArrayList<>();
    Lsn at = start;
    for (LogRange former : formerLegs(system, candidate.history(), from, start)) {
      if (!vault.log(former.log()).extents().stream()
          .anyMatch(e -> e.covers(former.from(), former.to()))) {
        return Optional.empty();
      }
      logs.add(former);
      at = new Lsn(former.to());
    }
    Lsn first = at;
    Optional<LogExtent> extent =
        candidate.extents().stream()
            .filter(e -> e.from() <= first.value() && first.value() < e.to())
            .findFirst();
    Lsn fork = candidate.history().beginOf(candidate.id()).orElse(start);
    Lsn least = fork.compareTo(start) > 0 ? fork : start;
    Optional<RestoreTarget> target =
        extent
            .flatMap(e -> target(system, candidate.id(), e))
            .filter(t -> t.lastRecord().compareTo(least) >= 0);
    target.ifPresent(t ->
        logs.add(
            new LogRange(
                WalNames.log(store, system, candidate.id()), first.value(), t.end().value())));
    return target.map(t -> new RestoreWay(t, logs));
  }

  /// What a recovery reads of the timelines that it passes before the newest one of a history.
  List<LogRange> formerLegs(long system, TimelineHistory history, int from, Lsn start) {
    long segment = segmentBytes(system);
    List<LogRange> legs = new ArrayList<>();
    Lsn at = start;
    for (int step : history.timelines()) {
      if (step < from || step == history.timeline()) {
        continue;
      }
      // The segment of the switch is read from the next timeline, which has it from its start.
      Lsn end = history.endOf(step).orElseThrow().segmentStart(segment);
      if (at.compareTo(end) < 0) {
        legs.add(new LogRange(WalNames.log(store, system, step), at.value(), end.value()));
        at = end;
      }
    }
    return legs;
  }

  private Optional<RestoreTarget> target(long system, int timeline, LogExtent extent) {
    PieceFacts facts = lastFacts(system, timeline, extent);
    // After a hole a piece may still name the last record before it.
    Optional<Lsn> last = facts.lastRecord().filter(l -> l.value() >= extent.from());
    Optional<Instant> commit = facts.commitAt();
    if (last.isEmpty()) {
      var records = new ArrayList<WalRecord>();
      Lsn from =
          new Lsn(Math.max(extent.from(), extent.to() - 1)).segmentStart(facts.segmentBytes());
      Lsn begin = from.value() < extent.from() ? new Lsn(extent.from()) : from;
      records(system, timeline, begin, new Lsn(extent.to()), record -> keepLast(records, record));
      last = records.isEmpty() ? Optional.empty() : Optional.of(records.getLast().start());
    }
    return last.map(lsn -> new RestoreTarget(system, timeline, lsn, new Lsn(extent.to()), commit));
  }

  private static void keepLast(List<WalRecord> records, WalRecord record) {
    records.clear();
    records.add(record);
  }

  private PieceFacts lastFacts(long system, int timeline, LogExtent extent) {
    try (Stream<LogPiece> pieces =
        log(system, timeline).pieces(Math.max(extent.from(), extent.to() - 1), extent.to())) {
      return PieceFacts.of(pieces.reduce((a, b) -> b).map(LogPiece::facts).orElse(Map.of()));
    }
  }

  /// Up to when everything that was committed lies before the end of a way, by the server's clock;
  /// empty where nothing says so.
  public Optional<Instant> asOf(RestoreTarget way, Instant now) {
    Optional<Instant> sealed = committedBefore(way.system(), way.timeline(), way.end());
    Optional<Instant> marked =
        CoverageMarks.newest(vault.records(), store, way.system(), now)
            .filter(m -> m.timeline() == way.timeline() && m.covered().compareTo(way.end()) <= 0)
            .map(CoverageMarks.Mark::asOf);
    return Stream.of(sealed, marked).flatMap(Optional::stream).max(Comparator.naturalOrder());
  }

  /// The same by the piece that ends there alone.
  Optional<Instant> committedBefore(long system, int timeline, Lsn end) {
    long to = end.value();
    PieceFacts facts = lastFacts(system, timeline, new LogExtent(Math.max(0, to - 1), to));
    return facts.asOf().or(facts::commitAt);
  }

  /// How far the newest copy of the store's log reaches, over all its clusters and timelines,
  /// whether a snapshot leads there or not; empty where the vault has none.
  public Optional<RecoveryPoint> recoveryPoint(Instant now) {
    List<RecoveryPoint> points = new ArrayList<>();
    for (LogName name : vault.logs(store)) {
      Optional<WalNames.Place> place = WalNames.parse(name);
      Optional<LogPiece> newest = vault.log(name).newest();
      if (place.isPresent() && newest.isPresent()) {
        PieceFacts facts = PieceFacts.of(newest.get().facts());
        Optional<Instant> asOf = facts.asOf().or(facts::commitAt);
        asOf.ifPresent(at ->
            points.add(
                new RecoveryPoint(
                    place.get().system(), place.get().timeline(), new Lsn(newest.get().to()), at)));
      }
    }
    for (long system : systems()) {
      CoverageMarks.newest(vault.records(), store, system, now)
          .ifPresent(
              m -> points.add(new RecoveryPoint(system, m.timeline(), m.covered(), m.asOf())));
    }
    return points.stream().max(Comparator.comparing(RecoveryPoint::asOf));
  }

  /// The records of days before that of a moment that say that nothing was written; who asks for
  /// the newest state needs those of the last two days only.
  public List<String> marksBefore(Instant moment) {
    return CoverageMarks.before(vault.records(), store, moment);
  }

  /// Waits until the vault holds a timeline up to `lsn`; `NOT_COVERED` when that takes longer than
  /// the patience.
  public void awaitCovered(long system, int timeline, Lsn lsn, Duration patience) {
    long begun = System.nanoTime();
    Stopper never = new Stopper();
    while (true) {
      Optional<Lsn> covered = coveredThrough(system, timeline);
      if (covered.filter(c -> c.compareTo(lsn) >= 0).isPresent()) {
        return;
      }
      if (System.nanoTime() - begun > patience.toNanos() || never.awaitStop(LOOK)) {
        throw new ChrysalisException(
            PostgresErrors.NOT_COVERED,
            "The vault holds timeline %d up to %s and not yet to %s"
                .formatted(timeline, covered.map(Lsn::toString).orElse("nothing"), lsn),
            "see whether the WAL shipper of the primary runs and reaches the vault");
      }
    }
  }

  /// Writes a segment as a server wants it, always `segmentBytes` long; or nothing, where the
  /// answer says that there is none. `LOG_GAP` and the vault's other errors mean that it may be
  /// there.
  public SegmentAnswer assembleSegment(
      long system, WalSegment segment, long segmentBytes, OutputStream out) {
    SegmentAnswer answer = find(system, segment, segmentBytes);
    switch (answer) {
      case SegmentAnswer.Whole() ->
          assemble(system, segment, segmentBytes, segment.end(segmentBytes), out);
      case SegmentAnswer.Begun(Lsn end) -> assemble(system, segment, segmentBytes, end, out);
      case SegmentAnswer.Beyond beyond -> {}
      case SegmentAnswer.Never never -> {}
      case SegmentAnswer.Lost lost -> {}
    }
    return answer;
  }

  /// Writes a segment's content up to a position, and zeros for the rest of it.
  void assemble(long system, WalSegment segment, long segmentBytes, Lsn to, OutputStream out) {
    Lsn from = segment.start(segmentBytes);
    copy(system, segment, from.value(), to.value(), out, segment.end(segmentBytes).minus(to));
  }

  /// The unbroken stretches of a timeline.
  List<LogExtent> extents(long system, int timeline) {
    return log(system, timeline).extents();
  }

  /// What the vault has of a segment, without reading it.
  public SegmentAnswer find(long system, WalSegment segment, long segmentBytes) {
    List<LogExtent> extents = log(system, segment.timeline()).extents();
    return SegmentAnswer.of(segment, segmentBytes, extents, history(system, segment.timeline()));
  }

  /// The commits of a timeline whose records begin at or after a position, in order: of a timeline
  /// that was left, what is lost. Meant for short stretches; `commits` takes any.
  public List<WalCommit> commitsAfter(long system, int timeline, Lsn lsn) {
    List<WalCommit> all = new ArrayList<>();
    commits(system, timeline, lsn, new Lsn(Long.MAX_VALUE), all::add);
    return all;
  }

  /// Hands out the commits whose records lie between two positions, in order, over gaps too.
  public void commits(long system, int timeline, Lsn from, Lsn to, Consumer<WalCommit> sink) {
    for (LogExtent extent : log(system, timeline).extents()) {
      long page = from.segmentStart(WalRecordReader.PAGE_BYTES).value();
      long first = Math.max(page, extent.from());
      long end = Math.min(to.value(), extent.to());
      if (first < end) {
        records(
            system,
            timeline,
            new Lsn(first),
            new Lsn(end),
            record -> {
              if (record.start().compareTo(from) >= 0
                  && record.detail() instanceof WalRecord.Detail.Commit commit) {
                sink.accept(new WalCommit(record.start(), commit.xid(), commit.at()));
              }
            });
      }
    }
  }

  /// Reads the records of a stretch of a timeline; `from` must be a page's start.
  void records(long system, int timeline, Lsn from, Lsn to, Consumer<WalRecord> sink) {
    LogStream log = log(system, timeline);
    long segmentBytes =
        log.newest().map(p -> PieceFacts.of(p.facts()).segmentBytes()).orElse(16L << 20);
    WalRecordReader reader = new WalRecordReader(from, segmentBytes, sink);
    bytes(
        system,
        timeline,
        from,
        to,
        bytes -> {
          reader.feed(bytes);
          return reader.stopped().isEmpty();
        });
  }

  /// Hands out the bytes of an unbroken stretch of a timeline until the taker wants no more.
  void bytes(long system, int timeline, Lsn from, Lsn to, LogBytes.Taker taker) {
    try {
      LogBytes.read(log(system, timeline), from.value(), to.value(), taker);
    } catch (IOException e) {
      throw damaged(timeline, e);
    }
  }

  /// The pieces that hold anything of a stretch of a timeline, in order; to be closed.
  Stream<LogPiece> pieces(long system, int timeline, Lsn from, Lsn to) {
    return log(system, timeline).pieces(from.value(), to.value());
  }

  private void copy(
      long system, WalSegment segment, long from, long to, OutputStream out, long zeros) {
    try {
      LogBytes.read(
          log(system, segment.timeline()),
          from,
          to,
          bytes -> {
            write(out, bytes);
            return true;
          });
      byte[] nothing = new byte[WalRecordReader.PAGE_BYTES];
      for (long left = zeros; left > 0; left -= nothing.length) {
        out.write(nothing, 0, (int) Math.min(left, nothing.length));
      }
    } catch (IOException e) {
      throw damaged(segment.timeline(), e);
    }
  }

  private static void write(OutputStream out, ByteBuffer bytes) throws IOException {
    out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
  }

  private LogStream log(long system, int timeline) {
    return vault.log(WalNames.log(store, system, timeline));
  }

  private static ChrysalisException damaged(int timeline, IOException e) {
    return new ChrysalisException(
        PostgresErrors.WAL_DAMAGED,
        "The WAL of timeline %d cannot be copied: %s".formatted(timeline, e.getMessage()),
        "check the vault and the room on the volume",
        e);
  }
}
