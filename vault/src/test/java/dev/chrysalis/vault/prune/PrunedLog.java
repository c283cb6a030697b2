package dev.chrysalis.vault.prune;

import static dev.chrysalis.vault.VaultFixture.noise;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.vault.LogExtent;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.LogStream;
import dev.chrysalis.vault.Vault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A log that is shipped and pruned at the same time. What is kept of it is an island, as an old
/// snapshot needs it, and a tail that moves with the log's end, as a restore window does.
record PrunedLog(LogName name) {
  private static final int PIECE = 100;
  private static final long TAIL = 4 * PIECE;
  private static final LogExtent ISLAND = new LogExtent(3 * PIECE, 5 * PIECE);

  /// Goes on behind the newest piece.
  void ship(Vault vault, int pieces) {
    LogStream log = vault.log(name);
    for (int i = 0; i < pieces; i++) {
      long at = end(log);
      assertThat(log.append(at, at + PIECE, ByteBuffer.wrap(content(at)), Map.of()))
          .isInstanceOf(LogStream.Appended.Stored.class);
    }
  }

  /// What is kept of it as long as it now is.
  LogKeep keep(Vault vault) {
    return new LogKeep(
        name, List.of(ISLAND, new LogExtent(tail(vault.log(name)), Long.MAX_VALUE)), Instant.MAX);
  }

  /// Reads what a prune was told to keep, while the log may go on.
  void assertReads(Vault vault, LogKeep kept) {
    LogStream log = vault.log(name);
    long end = end(log);
    kept.keep().forEach(extent -> assertReads(log, extent.from(), Math.min(end, extent.to())));
  }

  /// Looks for all else, when nobody ships any more and a prune has ended.
  void assertNothingElseIsLeft(Vault vault) {
    LogStream log = vault.log(name);
    assertThat(log.extents()).containsExactly(ISLAND, new LogExtent(tail(log), end(log)));
  }

  /// How many pieces are left of it by then.
  static int piecesLeft() {
    return (int) ((ISLAND.to() - ISLAND.from() + TAIL) / PIECE);
  }

  private void assertReads(LogStream log, long from, long to) {
    long at = from;
    try (Stream<LogPiece> pieces = log.pieces(from, to)) {
      for (LogPiece piece : (Iterable<LogPiece>) pieces::iterator) {
        assertThat(piece.from()).isEqualTo(at);
        try (InputStream in = log.open(piece)) {
          assertThat(in.readAllBytes()).isEqualTo(content(at));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        at = piece.to();
      }
    }
    assertThat(at).isEqualTo(to);
  }

  private static long end(LogStream log) {
    return log.newest().map(LogPiece::to).orElse(0L);
  }

  private static long tail(LogStream log) {
    return Math.max(0, end(log) - TAIL);
  }

  private byte[] content(long at) {
    return noise(name.hashCode() + at, PIECE);
  }
}
