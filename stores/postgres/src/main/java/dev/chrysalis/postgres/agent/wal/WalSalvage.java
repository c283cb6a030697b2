package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.LogStream;
import dev.chrysalis.vault.LogStream.Appended;
import dev.chrysalis.vault.Vault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Brings to the vault what a dead server's own `pg_wal` holds beyond it: the commits that were
/// acknowledged and that neither a standby nor the vault had received.
///
/// 1. Find out by the segments themselves whose they are, and which timeline is the newest.
/// 2. Go on where the vault's coverage ends (`Leg.next`), as the shipper would have.
/// 3. Compare what the vault holds already; another content means another history, and nothing is
///    written.
/// 4. Read on for as long as records are whole and follow each other: what stands behind the last
///    of them was never acknowledged, or is what a recycled segment held before.
/// 5. Seal exactly that, in pieces of bounded size.
///
/// Properties: reads the directory, never writes to it; two bounded buffers are held in memory; may
/// be repeated, killed, and run beside a shipper: each position is sealed once. Nothing that is
/// sealed could not have been shipped by the server itself. For one thread.
public final class WalSalvage {
  private static final int PIECE_BYTES = 4 << 20;
  private static final Lsn EVERYTHING = new Lsn(Long.MAX_VALUE);

  private final Vault vault;
  private final String store;
  private final Path directory;
  private final Progress progress;

  /// @param directory a `pg_wal`, which need not be there
  public WalSalvage(Vault vault, String store, Path directory, Progress progress) {
    this.vault = vault;
    this.store = store;
    this.directory = directory;
    this.progress = progress;
  }

  /// Told how many bytes of how many are in the vault.
  @FunctionalInterface
  public interface Progress {
    void sealed(long done, long total);
  }

  /// What was found.
  public sealed interface Outcome {
    /// There is no WAL that could be read.
    record NothingThere(String why) implements Outcome {}

    /// All whole records that were there are in the vault now.
    ///
    /// @param from where the vault's coverage ended before
    /// @param to where the last whole record ends
    /// @param ends why nothing behind it was taken
    /// @param lastCommit the newest commit in the whole log so far
    record Read(
        long system,
        int timeline,
        Lsn from,
        Lsn to,
        long commits,
        Optional<Instant> lastCommit,
        String ends)
        implements Outcome {
      public long bytes() {
        return Math.max(0, to.minus(from));
      }
    }
  }

  /// Brings over what is there. `TIMELINE_CONFLICT` where it is not the vault's history,
  /// `VOLUME_FAILED` where it cannot be read; the vault's errors pass through. After an error
  /// pieces may be there: repeat it.
  public Outcome run() {
    Optional<WalDirectory> found = WalDirectory.open(directory);
    if (found.isEmpty() || found.get().segments().isEmpty()) {
      return new Outcome.NothingThere("there is no segment of the log in " + directory);
    }
    WalDirectory wal = found.get();
    int timeline = wal.newestTimeline().orElseThrow();
    TimelineHistory history = wal.history(timeline);
    Lsn kept = wal.oldest(timeline).orElseThrow();
    Outcome.@Nullable Read sum = null;
    while (true) {
      Leg leg = Leg.next(history, t -> covered(wal, t), kept, wal.segmentBytes());
      Outcome.Read read = bring(wal, leg);
      sum = sum == null || sum.timeline() != read.timeline() ? read : joined(sum, read);
      boolean behind = leg.until().filter(end -> read.to().compareTo(end) >= 0).isPresent();
      if (read.bytes() == 0 || (leg.until().isPresent() && !behind)) {
        return sum;
      }
    }
  }

  private static Outcome.Read joined(Outcome.Read first, Outcome.Read second) {
    return new Outcome.Read(
        first.system(),
        first.timeline(),
        first.from(),
        second.to(),
        first.commits() + second.commits(),
        second.lastCommit(),
        second.ends());
  }

  private Optional<Lsn> covered(WalDirectory wal, int timeline) {
    return log(wal, timeline).newest().map(p -> new Lsn(p.to()));
  }

  private LogStream log(WalDirectory wal, int timeline) {
    return vault.log(WalNames.log(store, wal.system(), timeline));
  }

  private Outcome.Read bring(WalDirectory wal, Leg leg) {
    LogStream log = log(wal, leg.timeline());
    try {
      Seam seam = Seam.at(log, leg, wal.segmentBytes());
      Whole whole = new Whole(wal, leg, seam);
      whole.read();
      if (whole.end.compareTo(leg.from()) > 0) {
        new Sealing(log, wal, leg, seam, whole.end).run();
      }
      return whole.outcome();
    } catch (IOException e) {
      throw new ChrysalisException(
          PostgresErrors.WAL_DAMAGED,
          "The vault's log %s cannot be read: %s".formatted(log.name().stream(), e.getMessage()),
          "check the vault",
          e);
    }
  }

  /// The first pass: how far whole records reach.
  private static final class Whole {
    final WalDirectory wal;
    final Leg leg;
    final Seam seam;
    final RecordsSeen seen;
    final WalRecordReader reader;
    long commits;
    Lsn end;
    String ends = "";

    Whole(WalDirectory wal, Leg leg, Seam seam) {
      this.wal = wal;
      this.leg = leg;
      this.seam = seam;
      this.seen = new RecordsSeen(seam.before());
      this.reader = new WalRecordReader(seam.begin(), wal.segmentBytes(), this::seen);
      this.end = leg.from();
    }

    private void seen(WalRecord record) {
      seen.accept(record);
      // A record that the vault holds in part only is counted too.
      Lsn missing = seam.before().flatMap(PieceFacts::nextRecord).orElse(leg.from());
      boolean fresh = record.start().compareTo(missing) >= 0;
      if (fresh && record.detail() instanceof WalRecord.Detail.Commit) {
        commits++;
      }
    }

    void read() {
      Lsn[] at = {seam.begin()};
      Lsn stopped =
          wal.read(
              leg.timeline(),
              seam.begin(),
              leg.until().orElse(EVERYTHING),
              bytes -> {
                if (!seam.agrees(at[0], bytes)) {
                  throw otherHistory();
                }
                at[0] = at[0].plus(bytes.remaining());
                reader.feed(bytes.duplicate());
                return reader.stopped().isEmpty();
              });
      Lsn whole = reader.nextRecord().orElse(leg.from());
      Lsn last = leg.until().filter(until -> stopped.compareTo(until) >= 0).orElse(whole);
      end = last.compareTo(leg.from()) > 0 ? last : leg.from();
      ends =
          reader
              .stopped()
              .orElse(
                  "there is no segment of timeline %d at %s".formatted(leg.timeline(), stopped));
    }

    Outcome.Read outcome() {
      PieceFacts facts = seen.facts(wal.segmentBytes(), 0, Optional.empty(), null);
      return new Outcome.Read(
          wal.system(), leg.timeline(), leg.from(), end, commits, facts.commitAt(), ends);
    }

    private ChrysalisException otherHistory() {
      return new ChrysalisException(
          PostgresErrors.TIMELINE_CONFLICT,
          "the WAL of timeline %d in %s before %s is not the vault's"
              .formatted(leg.timeline(), wal.directory(), leg.from()),
          "two servers wrote that timeline; nothing was taken: compare what both committed");
    }
  }

  /// The second pass: the same bytes again, up to the end that is known now.
  private final class Sealing {
    private final LogStream log;
    private final WalDirectory wal;
    private final Leg leg;
    private final Seam seam;
    private final Lsn end;
    private final RecordsSeen seen;
    private final WalRecordReader reader;
    private final ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
    private Lsn sealed;
    private boolean overtaken;

    Sealing(LogStream log, WalDirectory wal, Leg leg, Seam seam, Lsn end) {
      this.log = log;
      this.wal = wal;
      this.leg = leg;
      this.seam = seam;
      this.end = end;
      this.sealed = leg.from();
      this.seen = new RecordsSeen(seam.before());
      this.reader = new WalRecordReader(seam.begin(), wal.segmentBytes(), seen);
    }

    void run() {
      Lsn[] at = {seam.begin()};
      Lsn stopped =
          wal.read(
              leg.timeline(),
              seam.begin(),
              end,
              bytes -> {
                Lsn from = at[0];
                at[0] = from.plus(bytes.remaining());
                reader.feed(bytes.duplicate());
                take(seam.beyond(from, bytes));
                return !overtaken;
              });
      if (!overtaken && stopped.compareTo(end) < 0) {
        throw new ChrysalisException(
            PostgresErrors.VOLUME_FAILED,
            "%s: the log was whole up to %s and now ends at %s"
                .formatted(wal.directory(), end, stopped),
            "the server must not run meanwhile: fence it, then repeat");
      }
      seal();
    }

    private void take(ByteBuffer bytes) {
      if (piece.remaining() < bytes.remaining()) {
        seal();
      }
      piece.put(bytes);
    }

    private void seal() {
      if (overtaken || piece.position() == 0) {
        return;
      }
      Lsn to = sealed.plus(piece.position());
      int version = seam.before().map(PieceFacts::version).orElse(0);
      PieceFacts facts =
          seen.facts(wal.segmentBytes(), version, reader.nextRecord(), (Instant) null);
      Map<String, String> said = facts.toMap();
      switch (log.append(sealed.value(), to.value(), piece.flip(), said)) {
        case Appended.Stored(LogPiece stored) -> {
          sealed = new Lsn(stored.to());
          piece.clear();
          progress.sealed(sealed.minus(leg.from()), end.minus(leg.from()));
        }
        // A shipper was faster: the next leg begins behind what it sealed.
        case Appended.Taken(LogPiece _) -> overtaken = true;
      }
    }
  }
}
