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
  /// a piece already begins at `from`, that piece is returned as `Taken` and nothing is written.
  /// `facts` are short.
  Appended append(long from, long to, ByteBuffer content, Map<String, String> facts);

  /// The unbroken stretches, oldest first.
  List<LogExtent> extents();

  /// The newest piece, or empty where the log is empty.
  Optional<LogPiece> newest();

  /// The pieces that hold anything of the positions from `from` to `to`, in order; to be closed.
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
