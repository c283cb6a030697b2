package dev.chrysalis.vault;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A continuous log, in pieces that follow each other without holes or overlaps; where a stretch
/// was lost the next piece begins a new extent. Many writers may append at once: a piece is created
/// under its `from`, create-if-absent, so exactly one wins each place and the others re-base. Safe
/// for many threads.
public interface LogStream {
  LogName name();

  /// Seals the content of positions `from` to `to`, durably. `from` must be the end of a piece that
  /// is there (then the extent goes on), or lie past all of them (then a new extent begins). Where
  /// a piece already begins at `from` or goes on over it, that piece is returned as `Taken` and
  /// nothing is written: go on at its end. `Taken` may also name a stretch that another writer has
  /// declared lost (its fact `chrysalis.gap` is `yes`); it cannot be filled any more. `content`
  /// (not consumed) need not have as many bytes as there are positions. `facts` are short. After an
  /// error the outcome is unknown: append again, and go on from what that says.
  Appended append(long from, long to, ByteBuffer content, Map<String, String> facts);

  /// The unbroken stretches, oldest first, by listing: a piece that somebody deleted in the middle
  /// is found by `pieces`, not here.
  List<LogExtent> extents();

  /// The newest piece, or empty where the log is empty.
  Optional<LogPiece> newest();

  /// The pieces that hold anything of the positions from `from` to `to`, in order; to be closed.
  /// Stretches that were declared lost are left out (see `extents`); a piece that should be there
  /// and is not is `VaultErrors.LOG_GAP`.
  Stream<LogPiece> pieces(long from, long to);

  /// Opens the content of a piece; bytes are authenticated before they are handed out.
  InputStream open(LogPiece piece);

  /// What became of an `append`.
  sealed interface Appended {
    /// This call stored the piece.
    record Stored(LogPiece piece) implements Appended {}

    /// Another writer has this place.
    record Taken(LogPiece piece) implements Appended {}
  }
}
