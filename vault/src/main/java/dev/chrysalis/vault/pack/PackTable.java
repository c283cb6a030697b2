package dev.chrysalis.vault.pack;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultErrors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The packs of a store that chunks may lie in, by number. Safe for many threads.
public final class PackTable {
  /// A pack: the key of its object and its size in bytes.
  public record Pack(String name, long size) {}

  private final List<Pack> packs = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();

  /// Takes a pack in; its number.
  public synchronized int add(String name, long size) {
    if (packs.size() >= ChunkIndex.MOST_PACKS) {
      throw new ChrysalisException(
          VaultErrors.NO_SPACE,
          "the store has more than " + ChunkIndex.MOST_PACKS + " packs",
          "use a vault of its own for this store, with larger packs");
    }
    packs.add(new Pack(name, size));
    numbers.put(name, packs.size() - 1);
    return packs.size() - 1;
  }

  /// Says how large a pack has become.
  synchronized void sized(int number, long size) {
    packs.set(number, new Pack(packs.get(number).name(), size));
  }

  public synchronized Pack get(int number) {
    return packs.get(number);
  }

  /// The number of a pack, or null where it is not known.
  public synchronized @Nullable Integer number(String name) {
    return numbers.get(name);
  }

  public synchronized int size() {
    return packs.size();
  }
}
