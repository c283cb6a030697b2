package dev.chrysalis.postgres;

import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Damage to an object of a vault, of each kind that may happen to it.
public enum StoredDamage {
  FLIPPED,
  CUT,
  DELETED,
  /// It lies under the name of another valid object, and that one under its name.
  SWAPPED,
  /// An older valid object lies under its name.
  REPLAYED;

  /// Does it; returns the names under which something else lies now, or nothing.
  ///
  /// @param flip which of its bytes is flipped, where one is
  /// @param others valid objects, with which it may be swapped
  /// @param older valid objects, one of which may be replayed
  public List<String> hit(
      MemoryBackend place,
      String key,
      int flip,
      List<String> others,
      List<String> older,
      Random random) {
    byte[] bytes = bytes(place, key);
    switch (this) {
      case FLIPPED -> {
        bytes[flip] ^= (byte) (1 << random.nextInt(8));
        put(place, key, bytes);
      }
      case CUT -> put(place, key, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
      case DELETED -> place.delete(key);
      case SWAPPED -> {
        String other = others.get(random.nextInt(others.size()));
        put(place, key, bytes(place, other));
        put(place, other, bytes);
        return List.of(key, other);
      }
      case REPLAYED -> put(place, key, bytes(place, older.get(random.nextInt(older.size()))));
    }
    return List.of(key);
  }

  /// The stored bytes of an object.
  public static byte[] bytes(MemoryBackend place, String key) {
    try (InputStream in = place.open(key, 0, Long.MAX_VALUE)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void put(MemoryBackend place, String key, byte[] bytes) {
    place.delete(key);
    place.create(key, Body.of(bytes));
  }
}
