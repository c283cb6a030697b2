package dev.chrysalis.vault.log;

import dev.chrysalis.vault.LogRange;
import dev.chrysalis.vault.seal.Damages;
import dev.chrysalis.vault.seal.SealedObjects;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Gatherers;

/// Reads the pieces of a stretch of a log and finds all that is wrong with them.
///
/// 1. List the pieces, and read the markers of gaps and the gaps, as every reader does.
/// 2. Read the headers of all pieces of the stretch, and the content of the sample.
/// 3. Each piece must begin where the one before it ended, none may be a gap, and the last must
///    reach the stretch's end; what is not there is named by the key at which it should begin.
public final class LogInspector {
  private final SealedObjects objects;
  private final Predicate<String> sample;
  private final int threads;

  /// @param sample which keys' content is read
  public LogInspector(SealedObjects objects, Predicate<String> sample, int threads) {
    this.objects = objects;
    this.sample = sample;
    this.threads = threads;
  }

  /// A stretch as listed.
  public static final class Extent {
    private final LogRange range;
    private final List<Pieces.Place> places;

    private Extent(LogRange range, List<Pieces.Place> places) {
      this.range = range;
      this.places = places;
    }

    /// How much its pieces take in the vault.
    public long bytes() {
      return places.stream().mapToLong(Pieces.Place::size).sum();
    }

    public int pieces() {
      return places.size();
    }
  }

  /// The key under which the piece at the stretch's beginning may lie.
  public static String keyAt(LogRange range) {
    return new LogKeys(range.log()).piece(range.from());
  }

  /// Lists a stretch.
  public Extent extent(LogRange range, Damages damages) {
    Pieces.Layout layout = pieces(range).layout();
    List<Pieces.Place> all = layout.places();
    List<Pieces.Place> inside = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      boolean endsBefore = i + 1 < all.size() && all.get(i + 1).from() <= range.from();
      if (!endsBefore && all.get(i).from() < range.to()) {
        inside.add(all.get(i));
      }
    }
    checkGaps(range, layout, damages);
    return new Extent(range, inside);
  }

  /// Reads what every reader of the log reads to learn where its gaps are.
  private void checkGaps(LogRange range, Pieces.Layout layout, Damages damages) {
    LogKeys keys = new LogKeys(range.log());
    Pieces pieces = pieces(range);
    for (Pieces.Place marker : layout.marked()) {
      damages.without(keys.marker(marker.from()), () -> pieces.checkMarker(marker));
      layout.places().stream()
          .filter(place -> place.from() == marker.from())
          .forEach(gap -> damages.without(keys.piece(gap.from()), () -> pieces.header(gap)));
    }
  }

  /// Inspects a stretch.
  ///
  /// @param read hears of content that was read; called by many threads
  public void inspect(Extent extent, LongConsumer read, Damages damages) {
    LogRange range = extent.range;
    LogKeys keys = new LogKeys(range.log());
    Pieces pieces = pieces(range);
    long[] at = {range.from()};
    extent.places.stream()
        .gather(
            Gatherers.mapConcurrent(
                threads, place -> new Seen(place, header(pieces, keys, place, read, damages))))
        .forEach(seen -> {
          long from = seen.place.from();
          if (from > at[0]) {
            damages.add(keys.piece(at[0]), "no piece begins here, although one should");
          }
          at[0] = seen.header.map(PieceHeader::to).orElseGet(() -> endBySuccessor(extent, from));
        });
    if (at[0] < range.to()) {
      damages.add(keys.piece(at[0]), "no piece begins here, although the log should reach further");
    }
  }

  private record Seen(Pieces.Place place, Optional<PieceHeader> header) {}

  /// Where a piece ends whose header cannot be read.
  private static long endBySuccessor(Extent extent, long from) {
    return extent.places.stream()
        .mapToLong(Pieces.Place::from)
        .filter(next -> next > from)
        .findFirst()
        .orElse(extent.range.to());
  }

  private Optional<PieceHeader> header(
      Pieces pieces, LogKeys keys, Pieces.Place place, LongConsumer read, Damages damages) {
    String key = keys.piece(place.from());
    List<PieceHeader> found = new ArrayList<>(1);
    damages.without(
        key,
        () -> {
          if (sample.test(key)) {
            found.add(pieces.readWhole(place, read));
          } else {
            found.add(pieces.header(place));
          }
        });
    if (!found.isEmpty() && found.getFirst().gap()) {
      damages.add(key, "it stands for a stretch that was lost");
    }
    return found.stream().findFirst();
  }

  private Pieces pieces(LogRange range) {
    return new Pieces(objects, new LogKeys(range.log()));
  }
}
