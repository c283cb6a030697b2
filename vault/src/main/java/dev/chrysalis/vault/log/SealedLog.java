package dev.chrysalis.vault.log;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.LogExtent;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.LogStream;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.seal.Damage;
import dev.chrysalis.vault.seal.SealedObjects;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A log as one chain of sealed pieces from position 0.
///
/// Appending:
///
/// 1. Learn the chain's end: from the newest piece that this object knows, forward from piece to
///    piece; or by listing, when it knows none or is far behind. An empty chain ends at 0.
/// 2. `from` before the end: a piece holds that place; it is `Taken`.
/// 3. `from` behind the end: create the gap's marker, then the gap as a piece at the end; whoever
///    wins that place, go to 1.
/// 4. `from` at the end: create the piece. Won: `Stored`. Lost: the other's piece is `Taken`.
///
/// Kept: every piece begins where another ends, so of all writers exactly one decides what follows
/// a position, be it content or a gap; a gap is never there without its marker.
public final class SealedLog implements LogStream {
  /// The fact of a `Taken` piece that stands for a lost stretch.
  public static final String GAP_FACT = "chrysalis.gap";

  private static final int STEPS_BEFORE_LISTING = 64;

  private final LogName name;
  private final Pieces pieces;
  private final Clock clock;
  private final AtomicReference<@Nullable PieceHeader> last = new AtomicReference<>();

  public SealedLog(SealedObjects objects, LogName name, Clock clock) {
    this.name = name;
    this.pieces = new Pieces(objects, new LogKeys(name));
    this.clock = clock;
  }

  @Override
  public LogName name() {
    return name;
  }

  @Override
  public Appended append(long from, long to, ByteBuffer content, Map<String, String> facts) {
    LogPiece piece = new LogPiece(from, to, clock.instant(), facts);
    PieceHeader end = last.get();
    if (end == null || end.to() != from) {
      end = end();
    }
    while (true) {
      long at = end == null ? 0 : end.to();
      if (from < at) {
        return new Appended.Taken(shown(holding(from)));
      }
      PieceHeader next =
          from == at
              ? new PieceHeader(piece, false)
              : new PieceHeader(new LogPiece(at, from, clock.instant(), Map.of()), true);
      boolean won = create(next, content);
      PieceHeader there = won ? next : other(at);
      last.set(there);
      if (from == at) {
        return won ? new Appended.Stored(piece) : new Appended.Taken(shown(there));
      }
      end = there;
    }
  }

  private boolean create(PieceHeader next, ByteBuffer content) {
    if (next.gap()) {
      pieces.mark(next.piece().from());
      return pieces.create(next, ByteBuffer.allocate(0));
    }
    return pieces.create(next, content);
  }

  private PieceHeader other(long from) {
    return pieces.header(from).orElseThrow(() -> gapAt(from));
  }

  @Override
  public List<LogExtent> extents() {
    Pieces.Layout layout = pieces.layout();
    List<Pieces.Place> places = layout.places();
    Set<Long> gaps = gaps(layout);
    List<LogExtent> extents = new ArrayList<>();
    long begin = -1;
    for (Pieces.Place place : places) {
      Optional<Trims.Trim> trim = layout.trims().endingAt(place.from());
      if (trim.isPresent() && begin >= 0) {
        extents.add(new LogExtent(begin, trim.get().from()));
        begin = -1;
      }
      boolean gap = gaps.contains(place.from());
      if (gap && begin >= 0) {
        extents.add(new LogExtent(begin, place.from()));
        begin = -1;
      } else if (!gap && begin < 0) {
        begin = place.from();
      }
    }
    if (begin >= 0) {
      extents.add(new LogExtent(begin, pieces.header(places.getLast()).to()));
    }
    return List.copyOf(extents);
  }

  @Override
  public Optional<LogPiece> newest() {
    PieceHeader end = end();
    if (end == null || !end.gap()) {
      return Optional.ofNullable(end).map(PieceHeader::piece);
    }
    for (Pieces.Place place : pieces.layout().places().reversed()) {
      PieceHeader header = pieces.header(place);
      if (!header.gap()) {
        return Optional.of(header.piece());
      }
    }
    return Optional.empty();
  }

  @Override
  public Stream<LogPiece> pieces(long from, long to) {
    Pieces.Layout layout = pieces.layout();
    List<Pieces.Place> places = layout.places();
    List<Integer> inside =
        IntStream.range(0, places.size())
            .filter(i -> places.get(i).from() < to)
            .filter(i -> i + 1 == places.size() || places.get(i + 1).from() > from)
            .boxed()
            .toList();
    return pieces
        .sideBySide(inside, i -> checked(layout, i))
        .filter(header -> !header.gap() && header.to() > from)
        .map(PieceHeader::piece);
  }

  /// The header of a piece, which must end where the next begins, or where a pruned stretch begins.
  private PieceHeader checked(Pieces.Layout layout, int i) {
    PieceHeader header = pieces.header(layout.places().get(i));
    if (layout.after(i).filter(next -> !layout.joins(header.to(), next)).isPresent()) {
      throw gapAt(header.to());
    }
    return header;
  }

  @Override
  public InputStream open(LogPiece piece) {
    return pieces.content(piece.from());
  }

  /// The chain's last piece or gap, or null where the log is empty.
  private @Nullable PieceHeader end() {
    PieceHeader known = last.get();
    for (int i = 0; known != null && i < STEPS_BEFORE_LISTING; i++) {
      Optional<PieceHeader> next = pieces.header(known.to());
      if (next.isEmpty()) {
        last.set(known);
        return known;
      }
      known = next.get();
    }
    List<Pieces.Place> places = pieces.places();
    if (places.isEmpty()) {
      return null;
    }
    PieceHeader newest = pieces.header(places.getLast());
    last.set(newest);
    return newest;
  }

  private PieceHeader holding(long position) {
    Pieces.Place found = null;
    Pieces.Layout layout = pieces.layout();
    for (Pieces.Place place : layout.places()) {
      if (place.from() <= position) {
        found = place;
      }
    }
    if (found == null || layout.trims().holds(position)) {
      throw new ChrysalisException(
          VaultErrors.LOG_GAP,
          "position %d of log %s %s was pruned".formatted(position, name.store(), name.stream()),
          "append behind the newest piece");
    }
    return pieces.header(found);
  }

  private static LogPiece shown(PieceHeader header) {
    LogPiece piece = header.piece();
    return header.gap()
        ? new LogPiece(piece.from(), piece.to(), piece.sealedAt(), Map.of(GAP_FACT, "yes"))
        : piece;
  }

  private Set<Long> gaps(Pieces.Layout layout) {
    Set<Long> marked = new HashSet<>();
    for (Pieces.Place marker : layout.marked()) {
      pieces.checkMarker(marker);
      marked.add(marker.from());
    }
    Set<Long> gaps = new HashSet<>();
    layout.places().stream()
        .filter(place -> marked.contains(place.from()))
        .filter(place -> pieces.header(place).gap())
        .forEach(place -> gaps.add(place.from()));
    return gaps;
  }

  private ChrysalisException gapAt(long position) {
    ChrysalisException missing = Damage.missing(new LogKeys(name).piece(position));
    return new ChrysalisException(
        VaultErrors.LOG_GAP,
        "%s: log %s %s has no piece at position %d, although it was written"
            .formatted(missing.getMessage(), name.store(), name.stream(), position),
        "bring the piece back from a copy of the vault, or restore to a moment before it",
        missing);
  }
}
