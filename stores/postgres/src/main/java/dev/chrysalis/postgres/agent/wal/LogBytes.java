package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.LogStream;
import dev.chrysalis.vault.VaultErrors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.stream.Stream;

/// Reads a stretch of a log out of its pieces, in order and without holes.
final class LogBytes {
  private static final int STEP = 64 * 1024;

  private LogBytes() {}

  /// Takes bytes as they come; returns false when it wants no more.
  @FunctionalInterface
  interface Taker {
    boolean take(ByteBuffer bytes) throws IOException;
  }

  /// Hands out all bytes of `from` to `to`. `LOG_GAP` where any is missing.
  static void read(LogStream log, long from, long to, Taker taker) throws IOException {
    long at = from;
    try (Stream<LogPiece> pieces = log.pieces(from, to)) {
      for (Iterator<LogPiece> i = pieces.iterator(); i.hasNext() && at < to; ) {
        LogPiece piece = i.next();
        if (piece.from() > at || piece.to() <= at) {
          throw hole(log, at, piece.from());
        }
        long end = Math.min(piece.to(), to);
        if (!read(log, piece, at, end, taker)) {
          return;
        }
        at = end;
      }
    }
    if (at < to) {
      throw hole(log, at, to);
    }
  }

  static byte[] read(LogStream log, long from, long to) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(to - from));
    read(
        log,
        from,
        to,
        bytes -> {
          all.put(bytes);
          return true;
        });
    return all.array();
  }

  private static boolean read(LogStream log, LogPiece piece, long from, long to, Taker taker)
      throws IOException {
    byte[] step = new byte[STEP];
    try (InputStream in = log.open(piece)) {
      in.skipNBytes(from - piece.from());
      for (long at = from; at < to; ) {
        int count = in.read(step, 0, (int) Math.min(STEP, to - at));
        if (count < 0) {
          throw hole(log, at, to);
        }
        at += count;
        if (!taker.take(ByteBuffer.wrap(step, 0, count))) {
          return false;
        }
      }
    }
    return true;
  }

  private static ChrysalisException hole(LogStream log, long from, long to) {
    return new ChrysalisException(
        VaultErrors.LOG_GAP,
        "The log %s %s misses the positions %s to %s"
            .formatted(log.name().store(), log.name().stream(), new Lsn(from), new Lsn(to)),
        "choose a restore point before the gap, or one whose base backup was made after it");
  }
}
