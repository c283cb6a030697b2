package dev.chrysalis.vault.log;

import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.seal.SealedObjects;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The logs of a store, found by listing.
public final class Logs {
  private final SealedObjects objects;
  private final Clock clock;

  public Logs(SealedObjects objects, Clock clock) {
    this.objects = objects;
    this.clock = clock;
  }

  /// Those that hold at least one piece, in ascending order of stream.
  public List<LogName> of(String store) {
    String prefix = LogKeys.PIECES + store + "/";
    Map<String, Integer> counts = new TreeMap<>();
    try (Stream<Backend.Listed> listed = objects.backend().list(prefix)) {
      listed
          .flatMap(object -> LogKeys.Place.of(object.key().substring(prefix.length())).stream())
          .forEach(place -> counts.merge(place.stream(), 1, Integer::sum));
    }
    return counts.entrySet().stream()
        .map(entry -> new Found(new LogName(store, entry.getKey()), entry.getValue()))
        .filter(found -> found.count() > 1 || !isOnlyAGap(found.name()))
        .map(Found::name)
        .toList();
  }

  private record Found(LogName name, int count) {}

  private boolean isOnlyAGap(LogName name) {
    return new SealedLog(objects, name, clock).newest().isEmpty();
  }
}
