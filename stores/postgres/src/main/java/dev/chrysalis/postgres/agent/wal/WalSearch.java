package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.vault.LogExtent;
import dev.chrysalis.vault.LogPiece;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Looks for records on the way to a timeline: where a recovery to a goal stops, and what lies
/// behind that.
///
/// 1. For a time or a position, pieces are passed over as long as their facts say that the goal
///    lies behind them; reading begins at the last commit before it.
/// 2. A transaction or a name is in no fact: all is read.
/// 3. Records are read in order, from one timeline to the next as recovery does, until one shows
///    that the goal is reached. A gap is passed over, and what was read before it is no answer for
///    a goal that may lie in it; whether recovery can get behind it is for others to say.
///
/// Properties: only reads; memory is bounded whatever the length of the way. For one thread.
public final class WalSearch {
  /// The end of every way.
  public static final Lsn FAR = new Lsn(Long.MAX_VALUE);

  private final WalArchive archive;
  private final long system;
  private final int timeline;
  private final Progress progress;

  public WalSearch(WalArchive archive, long system, int timeline, Progress progress) {
    this.archive = archive;
    this.system = system;
    this.timeline = timeline;
    this.progress = progress;
  }

  /// Told while WAL is read, often.
  @FunctionalInterface
  public interface Progress {
    /// @param total 0 while not known
    void read(long bytes, long total);
  }

  /// Where a recovery stops.
  ///
  /// @param record where the last record to be replayed begins
  /// @param next where the record behind it begins at the earliest
  /// @param commit the newest commit up to there, where one was seen on the unbroken way to it; a
  ///   time without one may lie anywhere before that way
  public record Found(Lsn record, Lsn next, Optional<WalCommit> commit) {}

  /// What lies behind a position.
  ///
  /// @param first when the earliest of the commits happened, by the server's clock
  /// @param end where the vault's WAL ends
  public record Tail(long commits, Optional<Instant> first, Optional<Instant> last, Lsn end) {}

  /// Where a recovery to the goal stops, by the WAL from `from` (a record's begin) to `to`.
  public Optional<Found> find(RestoreGoal goal, Lsn from, Lsn to) {
    GoalLook look = new GoalLook(goal);
    read(begin(goal, from, to), to, look);
    return look.found();
  }

  /// The commits behind the record that begins there.
  public Tail behind(Lsn record) {
    TailLook look = new TailLook(record);
    read(record, FAR, look);
    return look.tail(archive.coveredThrough(system, timeline).orElse(record));
  }

  private List<WalWay.Stretch> way(Lsn from, Lsn to) {
    return new WalWay(archive, system).stretches(timeline, from, to);
  }

  /// The last commit that lies before the goal by the pieces' facts.
  private Lsn begin(RestoreGoal goal, Lsn from, Lsn to) {
    Lsn begin = from;
    for (WalWay.Stretch stretch : way(from, to)) {
      try (Stream<LogPiece> pieces =
          archive.pieces(system, stretch.timeline(), stretch.from(), stretch.to())) {
        for (Iterator<LogPiece> i = pieces.iterator(); i.hasNext(); ) {
          LogPiece piece = i.next();
          PieceFacts facts = PieceFacts.of(piece.facts());
          if (mayHold(goal, piece, facts)) {
            return begin;
          }
          Lsn before = begin;
          begin = facts.lastCommit().filter(c -> c.compareTo(before) > 0).orElse(before);
        }
      }
    }
    return begin;
  }

  private static boolean mayHold(RestoreGoal goal, LogPiece piece, PieceFacts facts) {
    return switch (goal) {
      case RestoreGoal.AtTime(Instant moment) ->
          facts.commitAt().filter(at -> at.isAfter(moment)).isPresent();
      case RestoreGoal.AtLsn(Lsn lsn) -> new Lsn(piece.to()).compareTo(lsn) > 0;
      case RestoreGoal.AtTransaction _, RestoreGoal.AtName _, RestoreGoal.Latest _ -> true;
    };
  }

  private void read(Lsn from, Lsn to, Look look) {
    long total = archive.coveredThrough(system, timeline).map(end -> end.minus(from)).orElse(0L);
    Lsn page = from.segmentStart(WalRecordReader.PAGE_BYTES);
    long segmentBytes = archive.segmentBytes(system);
    WalRecordReader reader = null;
    Optional<Instant> covered = Optional.empty();
    for (WalWay.Stretch stretch : way(page, to)) {
      for (LogExtent extent : archive.extents(system, stretch.timeline())) {
        Lsn begin = new Lsn(Math.max(stretch.from().value(), extent.from()));
        Lsn end = new Lsn(Math.min(stretch.to().value(), extent.to()));
        if (begin.compareTo(end) >= 0) {
          continue;
        }
        WalRecordReader going = reader;
        if (going == null || !goesOn(going, begin)) {
          look.gap(reader == null ? Optional.empty() : covered);
          if (look.over) {
            return;
          }
          going = new WalRecordReader(begin, segmentBytes, look);
          reader = going;
        }
        read(stretch.timeline(), going, end, look, new Meter(from, Math.max(0, total)));
        if (look.over) {
          return;
        }
        covered =
            going.position().equals(end)
                ? archive.committedBefore(system, stretch.timeline(), end)
                : Optional.empty();
      }
    }
  }

  /// A record may go on over the change to the next timeline.
  private static boolean goesOn(WalRecordReader reader, Lsn begin) {
    return reader.position().equals(begin) && reader.stopped().isEmpty();
  }

  private void read(int on, WalRecordReader reader, Lsn end, Look look, Meter meter) {
    archive.bytes(
        system,
        on,
        reader.position(),
        end,
        bytes -> {
          reader.feed(bytes);
          progress.read(Math.max(0, reader.position().minus(meter.from())), meter.total());
          return !look.over && reader.stopped().isEmpty();
        });
  }

  private record Meter(Lsn from, long total) {}

  /// Takes records in order, until it has seen enough.
  private abstract static class Look implements java.util.function.Consumer<WalRecord> {
    boolean over;

    /// What comes next does not follow what came before.
    ///
    /// @param covered up to when everything that was committed came before, where that is known
    abstract void gap(Optional<Instant> covered);
  }

  /// Looks for the record at which a recovery to a goal stops.
  private static final class GoalLook extends Look {
    private final RestoreGoal goal;
    private @Nullable WalRecord last;
    private @Nullable WalCommit commit;
    private @Nullable Found found;

    GoalLook(RestoreGoal goal) {
      this.goal = goal;
    }

    @Override
    void gap(Optional<Instant> covered) {
      if (goal instanceof RestoreGoal.AtTime(Instant moment)
          && covered.filter(asOf -> !asOf.isBefore(moment)).isPresent()) {
        found = here();
        over = true;
        return;
      }
      last = null;
      commit = null;
    }

    @Override
    public void accept(WalRecord record) {
      if (over) {
        return;
      }
      if (liesBefore(record)) {
        found = here();
        over = true;
        return;
      }
      last = record;
      if (record.detail() instanceof WalRecord.Detail.Commit c) {
        commit = new WalCommit(record.start(), c.xid(), c.at());
      }
      if (endsWith(record)) {
        found = here();
        // A name may come again; the newest one counts.
        over = !(goal instanceof RestoreGoal.AtName);
      }
    }

    /// Whether the goal lies before the record.
    private boolean liesBefore(WalRecord record) {
      return switch (goal) {
        case RestoreGoal.AtTime(Instant moment) ->
            record.detail() instanceof WalRecord.Detail.Commit c && c.at().isAfter(moment);
        case RestoreGoal.AtLsn(Lsn lsn) -> record.start().compareTo(lsn) > 0;
        case RestoreGoal.AtTransaction(long xid, boolean inclusive) ->
            !inclusive && commits(record, xid);
        case RestoreGoal.AtName _, RestoreGoal.Latest _ -> false;
      };
    }

    /// Whether the goal is the record.
    private boolean endsWith(WalRecord record) {
      return switch (goal) {
        case RestoreGoal.AtTransaction(long xid, boolean inclusive) ->
            inclusive && commits(record, xid);
        case RestoreGoal.AtName(String name) ->
            record.detail() instanceof WalRecord.Detail.RestorePoint p && p.name().equals(name);
        case RestoreGoal.AtTime _, RestoreGoal.AtLsn _, RestoreGoal.Latest _ -> false;
      };
    }

    private static boolean commits(WalRecord record, long xid) {
      return record.detail() instanceof WalRecord.Detail.Commit c && c.xid() == xid;
    }

    private @Nullable Found here() {
      WalRecord record = last;
      return record == null
          ? null
          : new Found(record.start(), record.end(), Optional.ofNullable(commit));
    }

    Optional<Found> found() {
      return switch (goal) {
        case RestoreGoal.AtTransaction _, RestoreGoal.AtName _ -> Optional.ofNullable(found);
        case RestoreGoal.AtTime _, RestoreGoal.AtLsn _, RestoreGoal.Latest _ ->
            Optional.ofNullable(over ? found : here());
      };
    }
  }

  /// Counts the commits behind a record.
  private static final class TailLook extends Look {
    private final Lsn record;
    private long commits;
    private @Nullable Instant first;
    private @Nullable Instant newest;

    TailLook(Lsn record) {
      this.record = record;
    }

    @Override
    void gap(Optional<Instant> covered) {
      // What is counted is what is there.
    }

    @Override
    public void accept(WalRecord seen) {
      if (seen.start().compareTo(record) > 0
          && seen.detail() instanceof WalRecord.Detail.Commit c) {
        commits++;
        Instant earliest = first;
        Instant latest = newest;
        first = earliest == null || c.at().isBefore(earliest) ? c.at() : earliest;
        newest = latest == null || c.at().isAfter(latest) ? c.at() : latest;
      }
    }

    Tail tail(Lsn covered) {
      return new Tail(
          commits,
          Optional.ofNullable(first),
          Optional.ofNullable(newest),
          covered.compareTo(record) > 0 ? covered : record);
    }
  }
}
