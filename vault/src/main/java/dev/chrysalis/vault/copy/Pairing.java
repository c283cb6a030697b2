package dev.chrysalis.vault.copy;

import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Backend.Listed;
import java.util.Iterator;
import java.util.OptionalLong;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// Reads the listings of two places side by side, however long they are: each object of the first,
/// with the size of the one under the same key in the second.
final class Pairing implements Iterator<Pairing.Pair> {
  /// @param there the size in the second place, or empty where it has none
  record Pair(Listed object, OptionalLong there) {}

  private final Iterator<Listed> first;
  private final Iterator<Listed> second;
  private @Nullable Listed next;

  private Pairing(Iterator<Listed> first, Iterator<Listed> second) {
    this.first = first;
    this.second = second;
  }

  static Stream<Pair> of(Backend first, Backend second, String prefix) {
    Stream<Listed> ours = first.list(prefix);
    Stream<Listed> theirs = second.list(prefix);
    int traits = Spliterator.ORDERED | Spliterator.NONNULL;
    Pairing pairing = new Pairing(ours.iterator(), theirs.iterator());
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(pairing, traits), false)
        .onClose(ours::close)
        .onClose(theirs::close);
  }

  @Override
  public boolean hasNext() {
    return first.hasNext();
  }

  @Override
  public Pair next() {
    Listed object = first.next();
    Listed other = next;
    while ((other == null || other.key().compareTo(object.key()) < 0) && second.hasNext()) {
      other = second.next();
    }
    next = other;
    return new Pair(
        object,
        other != null && other.key().equals(object.key())
            ? OptionalLong.of(other.size())
            : OptionalLong.empty());
  }
}
