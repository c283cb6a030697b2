package dev.chrysalis.vault.log;

import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.seal.SealedObjects;
import java.util.List;
import java.util.stream.Stream;

/// The objects of a log that its readers need.
public final class LogObjects {
  private LogObjects() {}

  /// The keys of the pieces that were not pruned, of the markers of gaps, and of the trims, without
  /// which a reader would take what was pruned for lost.
  public static List<String> keys(SealedObjects objects, LogName name) {
    LogKeys keys = new LogKeys(name);
    Pieces.Layout layout = new Pieces(objects, keys).layout();
    return Stream.of(
            layout.places().stream().map(place -> keys.piece(place.from())),
            layout.marked().stream().map(marker -> keys.marker(marker.from())),
            layout.trims().keys().stream().map(trim -> keys.trim(trim.from(), trim.to())))
        .flatMap(all -> all)
        .toList();
  }
}
