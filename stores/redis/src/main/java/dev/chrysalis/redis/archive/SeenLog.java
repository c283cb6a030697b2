package dev.chrysalis.redis.archive;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.LogExtent;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.LogStream;
import dev.chrysalis.vault.VaultErrors;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a search has seen of a log: every question to the vault lists all of its pieces, and many
/// bases ask the same. For one search and one thread.
final class SeenLog {
  private final LogStream log;
  private final NavigableMap<Long, LogPiece> pieces = new TreeMap<>();
  private @Nullable List<LogExtent> extents;

  SeenLog(LogStream log) {
    this.log = log;
  }

  LogName name() {
    return log.name();
  }

  List<LogExtent> extents() {
    List<LogExtent> seen = extents;
    if (seen == null) {
      seen = log.extents();
      extents = seen;
    }
    return seen;
  }

  /// The piece that holds a position; empty where none does.
  Optional<LogPiece> pieceAt(long position) {
    Map.Entry<Long, LogPiece> before = pieces.floorEntry(position);
    if (before != null && before.getValue().to() > position) {
      return Optional.of(before.getValue());
    }
    try (Stream<LogPiece> found = log.pieces(position, position + 1)) {
      Optional<LogPiece> piece = found.findFirst();
      piece.ifPresent(p -> pieces.put(p.from(), p));
      return piece;
    } catch (ChrysalisException e) {
      if (e.code().equals(VaultErrors.LOG_GAP)) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
