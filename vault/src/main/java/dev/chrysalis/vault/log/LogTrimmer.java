package dev.chrysalis.vault.log;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.seal.SealedObjects;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Shortens a log, and takes stretches out of its middle, beside its writers and readers:
///
/// 1. Pieces that nobody needs, side by side, are a stretch. The newest piece is always needed.
/// 2. For each stretch that is not pruned yet a trim is created: from then on readers pass over it,
///    whatever of it is still there.
/// 3. Only then its pieces are deleted, in any order.
/// 4. Gaps and their markers, and trims that another one covers, go in a later run: a reader may
///    have listed them before the new trim was there.
///
/// Kept: a reader never takes a pruned stretch for a damaged one, nor for one that is there; a
/// crash between any two steps leaves work for the next run and nothing else.
public final class LogTrimmer {
  private final SealedObjects objects;
  private final Pieces pieces;
  private final LogKeys keys;

  public LogTrimmer(SealedObjects objects, LogName name) {
    this.objects = objects;
    this.keys = new LogKeys(name);
    this.pieces = new Pieces(objects, keys);
  }

  /// Says what of a log is needed.
  public interface Needs {
    boolean needs(long from, long to);
  }

  /// What is to go.
  public static final class Cut {
    private final List<Trims.Trim> trims = new ArrayList<>();
    private final List<Pieces.Place> gone = new ArrayList<>();
    private final List<String> leftOvers = new ArrayList<>();

    private Cut() {}

    public int pieces() {
      return gone.size();
    }

    public long bytes() {
      return gone.stream().mapToLong(Pieces.Place::size).sum();
    }
  }

  /// Decides what goes. Only reads.
  ///
  /// @param sealedSince everything from the first piece on that was sealed then or later is needed
  public Cut cut(Needs needs, Instant sealedSince) {
    List<Pieces.Place> all = pieces.places();
    List<Pieces.Place> markers = pieces.markers();
    Trims trims = pieces.trims();
    Set<Long> marked = new HashSet<>();
    markers.forEach(marker -> marked.add(marker.from()));
    Cut cut = new Cut();
    int last = Math.min(all.size() - 1, firstSealedSince(all, trims, sealedSince));
    long begin = -1;
    for (int i = 0; i <= last; i++) {
      Pieces.Place place = all.get(i);
      boolean needed = i == last || needs.needs(place.from(), all.get(i + 1).from());
      if (needed && begin >= 0) {
        stretch(begin, place.from(), trims, cut);
      }
      begin = needed ? -1 : begin >= 0 ? begin : i == 0 ? 0 : place.from();
      boolean gap = marked.contains(place.from());
      if (!needed && (!gap || trims.holds(place.from()))) {
        cut.gone.add(place);
      }
    }
    markers.stream()
        .filter(marker -> trims.holds(marker.from()))
        .forEach(marker -> cut.leftOvers.add(keys.marker(marker.from())));
    trims.superseded().forEach(trim -> cut.leftOvers.add(keys.trim(trim.from(), trim.to())));
    return cut;
  }

  private static void stretch(long from, long to, Trims trims, Cut cut) {
    long begin = trims.endingAt(from).map(Trims.Trim::from).orElse(from);
    if (!trims.covers(begin, to)) {
      cut.trims.add(new Trims.Trim(begin, to));
    }
  }

  /// The place of the first piece that was sealed at a moment or later: pieces are sealed in the
  /// order of their positions, but for the clocks of their writers.
  private int firstSealedSince(List<Pieces.Place> all, Trims trims, Instant moment) {
    int low = 0;
    int high = all.size() - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      Pieces.Place place = all.get(middle);
      if (trims.holds(place.from()) || isOlder(place, moment)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private boolean isOlder(Pieces.Place place, Instant moment) {
    try {
      return pieces.header(place).piece().sealedAt().isBefore(moment);
    } catch (ChrysalisException e) {
      if (e.code().category() != Category.DAMAGED) {
        throw e;
      }
      // Nobody can say; more is kept then.
      return false;
    }
  }

  /// Creates the trims, from which moment on readers pass over what goes.
  public void hide(Cut cut) {
    for (Trims.Trim trim : cut.trims) {
      objects.backend().create(keys.trim(trim.from(), trim.to()), Body.of(new byte[0]));
    }
  }

  /// The keys that can be deleted once the cut is hidden.
  public List<String> deletable(Cut cut) {
    List<String> all =
        new ArrayList<>(cut.gone.stream().map(place -> keys.piece(place.from())).toList());
    all.addAll(cut.leftOvers);
    return all;
  }
}
