package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.LogStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Where the vault's copy of a timeline ends and new bytes are joined to it. What is read a second
/// time there must be what the vault has: another content means another history.
///
/// @param from the first position that the vault does not hold
/// @param begin where reading begins: at a page, not after the first record that the vault does not
///   hold whole, and at least a byte before `from` where there is anything to compare
/// @param before what the vault's last piece says of the records in it
/// @param known the vault's own bytes that end at `from`
record Seam(Lsn from, Lsn begin, Optional<PieceFacts> before, ByteBuffer known) {
  private static final long MOST_COMPARED = 1 << 20;

  /// The seam at which a leg goes on.
  static Seam at(LogStream log, Leg leg, long segmentBytes) throws IOException {
    Optional<LogPiece> newest = log.newest().filter(p -> p.to() == leg.from().value());
    Optional<PieceFacts> before = newest.map(p -> PieceFacts.of(p.facts()));
    Lsn begin = begin(leg.from(), before, segmentBytes);
    return new Seam(leg.from(), begin, before, known(log, leg.from(), begin));
  }

  private static Lsn begin(Lsn from, Optional<PieceFacts> before, long segmentBytes) {
    Lsn next = before.flatMap(PieceFacts::nextRecord).orElse(from);
    Lsn first = next.compareTo(from) < 0 ? next : from;
    Lsn page = first.segmentStart(WalRecordReader.PAGE_BYTES);
    Lsn segment = first.segmentStart(segmentBytes);
    boolean moreToCompare = before.isPresent() && page.equals(from) && page.compareTo(segment) > 0;
    return moreToCompare ? page.plus(-WalRecordReader.PAGE_BYTES) : page;
  }

  private static ByteBuffer known(LogStream log, Lsn from, Lsn begin) throws IOException {
    long to = from.value();
    long first =
        log.extents().stream()
            .filter(e -> e.from() < to && to <= e.to())
            .mapToLong(e -> Math.max(e.from(), Math.max(begin.value(), to - MOST_COMPARED)))
            .findFirst()
            .orElse(to);
    return ByteBuffer.wrap(LogBytes.read(log, first, to));
  }

  /// Whether bytes at a position are the vault's, as far as they lie before the seam.
  boolean agrees(Lsn at, ByteBuffer bytes) {
    long knownFrom = from.value() - known.limit();
    long first = Math.max(at.value(), knownFrom);
    long end = Math.min(at.value() + bytes.remaining(), from.value());
    if (first >= end) {
      return true;
    }
    int length = (int) (end - first);
    int skipped = bytes.position() + (int) (first - at.value());
    return known.slice((int) (first - knownFrom), length).mismatch(bytes.slice(skipped, length))
        < 0;
  }

  /// What of the bytes at a position lies behind the seam.
  ByteBuffer beyond(Lsn at, ByteBuffer bytes) {
    long repeated = Math.clamp(from.minus(at), 0, bytes.remaining());
    return bytes.position(bytes.position() + (int) repeated);
  }
}
