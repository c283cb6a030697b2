package dev.chrysalis.vault.log;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The stretches of a log that were pruned. Their pieces may still be there, and do not count.
final class Trims {
  /// A pruned stretch, `to` excluded.
  record Trim(long from, long to) {
    boolean covers(Trim other) {
      return from <= other.from && other.to <= to;
    }
  }

  private final List<Trim> keys;
  private final List<Trim> union = new ArrayList<>();

  Trims(List<Trim> keys) {
    this.keys = List.copyOf(keys);
    for (Trim next : keys.stream().sorted(Comparator.comparingLong(Trim::from)).toList()) {
      Trim last = union.isEmpty() ? new Trim(-1, -1) : union.getLast();
      if (next.from() > last.to()) {
        union.add(next);
      } else if (next.to() > last.to()) {
        union.set(union.size() - 1, new Trim(last.from(), next.to()));
      }
    }
  }

  /// As they stand in the vault.
  List<Trim> keys() {
    return keys;
  }

  /// Those that another one covers whole.
  List<Trim> superseded() {
    return keys.stream()
        .filter(trim -> keys.stream().anyMatch(o -> !o.equals(trim) && o.covers(trim)))
        .toList();
  }

  boolean holds(long position) {
    return union.stream().anyMatch(t -> t.from() <= position && position < t.to());
  }

  boolean covers(long from, long to) {
    return from >= to || union.stream().anyMatch(t -> t.from() <= from && to <= t.to());
  }

  /// The whole pruned stretch that ends at a position.
  Optional<Trim> endingAt(long position) {
    return union.stream().filter(t -> t.to() == position).findFirst();
  }
}
