package dev.chrysalis.redis.archive;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.LogExtent;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.LogStream;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The bytes of a stretch of a log, read from the vault piece after piece as they are asked for.
/// `LOG_GAP` where any is missing; the vault's other errors pass through.
public final class LogStretch extends InputStream {
  private final LogStream log;
  private final Stream<LogPiece> pieces;
  private final Iterator<LogPiece> following;
  private final long to;
  private long at;
  private long pieceEnd;
  private @Nullable InputStream open;

  private LogStretch(LogStream log, long from, long to) {
    this.log = log;
    this.at = from;
    this.to = to;
    this.pieceEnd = from;
    this.pieces = from == to ? Stream.empty() : log.pieces(from, to);
    this.following = pieces.iterator();
  }

  /// Opens a stretch, to be closed.
  public static InputStream open(Vault vault, RestoreChoice.Stretch stretch) {
    return new LogStretch(vault.log(stretch.log()), stretch.from(), stretch.to());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (at >= to) {
      return -1;
    }
    InputStream piece = piece();
    int got = piece.read(into, offset, (int) Math.min(length, Math.min(to, pieceEnd) - at));
    if (got < 0) {
      throw hole(pieceEnd);
    }
    at += got;
    return got;
  }

  private InputStream piece() throws IOException {
    InputStream current = open;
    if (current != null && at < pieceEnd) {
      return current;
    }
    closePiece();
    if (!following.hasNext()) {
      throw hole(to);
    }
    LogPiece next = following.next();
    if (next.from() > at || next.to() <= at) {
      throw hole(next.from());
    }
    InputStream opened = log.open(next);
    open = opened;
    pieceEnd = next.to();
    opened.skipNBytes(at - next.from());
    return opened;
  }

  private ChrysalisException hole(long until) {
    return new ChrysalisException(
        VaultErrors.LOG_GAP,
        "the log %s %s misses the positions %d to %d"
            .formatted(log.name().store(), log.name().stream(), at, Math.max(at, until)),
        "choose a restore point before the gap, or one whose base was taken after it");
  }

  private void closePiece() throws IOException {
    InputStream current = open;
    open = null;
    if (current != null) {
      current.close();
    }
  }

  @Override
  public void close() throws IOException {
    pieces.close();
    closePiece();
  }

  /// Up to where a log reaches without a hole from a position on; empty where not even that is
  /// there.
  static Optional<Long> reach(List<LogExtent> extents, long from) {
    return extents.stream()
        .filter(e -> e.from() <= from && from <= e.to())
        .map(e -> e.to())
        .reduce((a, b) -> b);
  }
}
