package dev.chrysalis.redis.archive;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.VaultErrors;
import java.time.Instant;
import java.util.Optional;

/// A base and the log behind it: which position of the log is which moment. Only reads facts of
/// pieces.
final class BaseLog {
  private final BaseFacts base;
  private final SeenLog log;

  BaseLog(BaseFacts base, SeenLog log) {
    this.base = base;
    this.log = log;
  }

  LogName name() {
    return log.name();
  }

  /// Up to where the log reaches without a hole; empty where it does not hold the base's position.
  Optional<Long> end() {
    Optional<Long> end = LogStretch.reach(log.extents(), base.position());
    boolean nothing = end.isEmpty() && base.position() == 0 && log.extents().isEmpty();
    return nothing ? Optional.of(base.position()) : end;
  }

  /// The end of the piece up to which the log belongs to the base; empty where it is not there.
  Optional<Long> least() {
    return base.need() <= base.position()
        ? Optional.of(base.position())
        : log.pieceAt(base.need() - 1).map(LogPiece::to);
  }

  /// The first moment that the base can be brought to. A piece holds more than what belongs to the
  /// base: then its moment, not the base's.
  Instant from() {
    Instant there = base.need() <= base.position() ? base.at() : thereBy(base.need());
    return there.isAfter(base.at()) ? there : base.at();
  }

  /// A moment by which all before a position was in the file.
  Instant thereBy(long end) {
    return end <= base.position()
        ? base.at()
        : log.pieceAt(end - 1).map(BaseLog::asOf).orElse(base.at());
  }

  /// The last moment, where known, at which nothing behind a piece's end was there.
  Optional<Instant> until(long end) {
    return end <= base.position()
        ? Optional.empty()
        : log.pieceAt(end - 1)
            .flatMap(piece -> PieceFacts.of(piece.facts()))
            .flatMap(PieceFacts::until);
  }

  /// The last boundary of the log up to the end of a piece.
  long boundary(long end) {
    return end == base.position()
        ? end
        : log.pieceAt(end - 1)
            .flatMap(piece -> PieceFacts.of(piece.facts()))
            .map(facts -> Math.max(base.position(), facts.boundary()))
            .orElse(base.position());
  }

  /// @param at the position
  /// @param reached all that was in the file by then is before it
  record Cut(long at, Instant reached) {}

  /// Where the log is cut so that it holds what was there by a moment and nothing that came after
  /// it, but all that belongs to the base.
  ///
  /// @param end of the log, which holds all that belongs to the base
  Cut cut(long end, Instant moment) {
    // The first position whose piece was not in the file by the moment.
    long low = Math.min(end, least().orElse(base.position()));
    long high = end;
    while (low < high) {
      long middle = low + (high - low) / 2;
      LogPiece piece = log.pieceAt(middle).orElseThrow(() -> missing(middle));
      if (asOf(piece).isAfter(moment)) {
        high = Math.max(low, piece.from());
      } else {
        low = Math.min(high, piece.to());
      }
    }
    return new Cut(boundary(low), reached(low, end, moment));
  }

  /// The newest moment, not after the asked one, at which nothing behind the position was there.
  private Instant reached(long at, long end, Instant moment) {
    Instant known = until(at).orElse(from());
    Instant quiet =
        at >= end
            ? moment
            : log.pieceAt(at)
                .flatMap(piece -> PieceFacts.of(piece.facts()))
                .flatMap(PieceFacts::since)
                .orElse(known);
    Instant newest = quiet.isAfter(known) ? quiet : known;
    return newest.isBefore(moment) ? newest : moment;
  }

  private static Instant asOf(LogPiece piece) {
    return PieceFacts.of(piece.facts()).map(PieceFacts::asOf).orElse(piece.sealedAt());
  }

  private ChrysalisException missing(long position) {
    return new ChrysalisException(
        VaultErrors.LOG_GAP,
        "the log %s %s does not hold the position %d"
            .formatted(name().store(), name().stream(), position),
        "choose a restore point before the gap, or one whose base was taken after it");
  }
}
