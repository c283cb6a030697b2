package dev.chrysalis.cassandra.archive;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.LogExtent;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.LogStream;
import dev.chrysalis.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The pieces of a node's log that bring its snapshot to a moment.
///
/// @param from the first piece: the beginning of the segment that was written when the snapshot was
///   begun. What of it the snapshot has is passed over by the server
/// @param to behind the last piece
/// @param asOf all that the server had synced by then is in it
public record LogStretch(LogName log, long from, long to, Instant asOf) {
  private static final Pattern FORM = Pattern.compile("(.+):([0-9]{1,18})-([0-9]{1,18})");

  /// What it is called to an agent: `STREAM:FROM-UNTIL`.
  public String text() {
    return "%s:%d-%d".formatted(log.stream(), from, to);
  }

  /// Finds the one that is called so; `IllegalArgumentException` where that is no name of one,
  /// `OUT_OF_WINDOW` where it is not there.
  public static LogStretch parse(Vault vault, String store, String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException("no stretch of a log: " + text);
    }
    return of(
        vault,
        new LogName(store, m.group(1)),
        Long.parseLong(m.group(2)),
        Long.parseLong(m.group(3)));
  }

  /// Finds them.
  ///
  /// 1. The last moment before the snapshot was begun at which all that was synced is known to have
  ///    been in the log, and the piece that was the newest then. Nothing that was written after it
  ///    is in a segment before that piece's: from the beginning of this one on.
  /// 2. Without a moment: all pieces behind it. With one: as far as all that was acknowledged by
  ///    then was surely synced.
  ///
  /// Pieces are found by halving: each takes one position, and the moments of a log only grow.
  ///
  /// @param sync how much later than acknowledged a write may be synced (`commitlog_sync_period`)
  /// @return empty where the snapshot stands alone; `OUT_OF_WINDOW` where the log does not reach
  ///   the moment, or something behind the snapshot is missing
  public static Optional<LogStretch> behind(
      Vault vault, String store, NodeFacts facts, Optional<Instant> moment, Duration sync) {
    if (facts.log().isEmpty()) {
      return Optional.empty();
    }
    LogName name = new LogName(store, facts.log().get());
    LogStream log = vault.log(name);
    LogExtent extent =
        log.extents().stream().reduce((_, newer) -> newer).orElseThrow(() -> missing(name, facts));
    long behind = first(log, extent, piece -> piece.asOf().isAfter(facts.begun()));
    if (behind == extent.from()) {
      throw missing(name, facts);
    }
    // Pieces that were sealed while more was waiting carry the moment of one before them.
    Instant known = PieceFacts.of(at(log, behind - 1)).asOf();
    PieceFacts there =
        PieceFacts.of(at(log, first(log, extent, piece -> !piece.asOf().isBefore(known))));
    long from = first(log, extent, piece -> piece.segment().compareTo(there.segment()) >= 0);
    if (PieceFacts.of(at(log, from)).from() != 0) {
      throw missing(name, facts);
    }
    Optional<Instant> surely = moment.map(at -> at.plus(sync));
    long last =
        surely
            .map(at -> first(log, extent, piece -> !piece.asOf().isBefore(at)))
            .orElse(extent.to() - 1);
    if (last >= extent.to()) {
      throw new ChrysalisException(
          CassandraErrors.OUT_OF_WINDOW,
          "the log of %s reaches %s, and not yet %s"
              .formatted(
                  facts.member(), PieceFacts.of(at(log, extent.to() - 1)).asOf(), surely.get()),
          "wait until it is shipped, or choose an earlier moment");
    }
    return Optional.of(new LogStretch(name, from, last + 1, PieceFacts.of(at(log, last)).asOf()));
  }

  /// That stretch, which is there. `OUT_OF_WINDOW` where it is not.
  ///
  /// @param to behind `from`
  public static LogStretch of(Vault vault, LogName name, long from, long to) {
    LogStream log = vault.log(name);
    boolean there =
        from < to && log.extents().stream().anyMatch(e -> e.from() <= from && e.to() >= to);
    if (!there) {
      throw new ChrysalisException(
          CassandraErrors.OUT_OF_WINDOW,
          "the log %s has no unbroken pieces from %d to %d".formatted(name.stream(), from, to),
          "choose another restore point");
    }
    return new LogStretch(name, from, to, PieceFacts.of(at(log, to - 1)).asOf());
  }

  /// What was seen last of the node's tables, at that moment or before.
  SchemaSeen seenBefore(Vault vault, Instant moment) {
    LogStream stream = vault.log(log);
    long behind = first(stream, extent(stream), seenAfter(moment));
    return behind == extent(stream).from()
        ? SchemaSeen.NOTHING
        : PieceFacts.of(at(stream, behind - 1)).schema();
  }

  /// What was seen next of them, behind that moment; empty where nobody has looked since.
  Optional<SchemaSeen> seenAfter(Vault vault, Instant moment) {
    LogStream stream = vault.log(log);
    long behind = first(stream, extent(stream), seenAfter(moment));
    return behind == extent(stream).to()
        ? Optional.empty()
        : Optional.of(PieceFacts.of(at(stream, behind)).schema());
  }

  /// Whether anything was written behind a moment, and not only time went by.
  boolean holdsWritesAfter(Vault vault, Instant moment) {
    LogStream stream = vault.log(log);
    LogExtent extent = extent(stream);
    long behind = first(stream, extent, piece -> piece.asOf().isAfter(moment));
    if (behind >= to) {
      return false;
    }
    try (Stream<LogPiece> pieces = stream.pieces(behind, to)) {
      return pieces.map(PieceFacts::of).anyMatch(piece -> piece.to() > piece.from());
    }
  }

  /// As of when the last piece is that was sealed before the tables were seen to have changed since
  /// the snapshot; empty where they have not.
  Optional<Instant> lastBeforeChange(Vault vault, NodeFacts snapshot) {
    LogStream stream = vault.log(log);
    Predicate<PieceFacts> changed =
        piece -> piece.schema().at().isAfter(snapshot.begun()) && piece.schema().outdates(snapshot);
    LogExtent extent = extent(stream);
    long at = first(stream, extent, changed);
    return at >= extent.to()
        ? Optional.empty()
        : Optional.of(at <= from ? snapshot.begun() : PieceFacts.of(at(stream, at - 1)).asOf());
  }

  /// Whether the schema may have changed between the snapshot and the end of it: then its last
  /// writes may be of tables that the snapshot does not know so.
  boolean leadsOverChange(Vault vault, NodeFacts snapshot) {
    LogStream stream = vault.log(log);
    LogExtent extent = extent(stream);
    long changed =
        first(
            stream,
            extent,
            piece ->
                piece.schema().at().isAfter(snapshot.begun())
                    && !piece.schema().version().isEmpty()
                    && !piece.schema().version().equals(snapshot.schemaVersion()));
    return changed < to
        || (changed < extent.to()
            && PieceFacts.of(at(stream, changed - 1)).schema().at().isBefore(asOf));
  }

  private static Predicate<PieceFacts> seenAfter(Instant moment) {
    return piece -> piece.schema().at().isAfter(moment);
  }

  /// The one that the stretch lies in.
  private LogExtent extent(LogStream stream) {
    return stream.extents().stream()
        .filter(e -> e.from() <= from && e.to() >= to)
        .findFirst()
        .orElseThrow();
  }

  /// How many bytes of segments they hold.
  public long bytes(Vault vault) {
    try (Stream<LogPiece> pieces = pieces(vault)) {
      return pieces.map(PieceFacts::of).mapToLong(piece -> piece.to() - piece.from()).sum();
    }
  }

  /// The pieces, to be closed.
  public Stream<LogPiece> pieces(Vault vault) {
    return vault.log(log).pieces(from, to);
  }

  /// The first piece of which it holds, as of all behind that; the end where there is none.
  private static long first(LogStream log, LogExtent extent, Predicate<PieceFacts> holds) {
    long low = extent.from();
    long high = extent.to();
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (holds.test(PieceFacts.of(at(log, middle)))) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static LogPiece at(LogStream log, long position) {
    try (Stream<LogPiece> pieces = log.pieces(position, position + 1)) {
      return pieces.findFirst().orElseThrow();
    }
  }

  private static ChrysalisException missing(LogName name, NodeFacts facts) {
    return new ChrysalisException(
        CassandraErrors.OUT_OF_WINDOW,
        "the log %s does not begin before the snapshot of %s"
            .formatted(name.stream(), facts.member()),
        "restore the snapshot alone, or choose another one");
  }
}
