package dev.butterfly.shelf;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Items by their number, in the memory of this process alone: another member does not have them,
/// and they are gone with the process. Of more than fit the oldest are forgotten. Safe for many
/// threads.
final class Shelf<T> {
  private final int room;
  private final Map<Long, T> items = new LinkedHashMap<>();
  private final ReentrantLock one = new ReentrantLock();

  /// @param room how many items are kept at most
  Shelf(int room) {
    if (room < 1) {
      throw new IllegalArgumentException("a shelf has room for something: " + room);
    }
    this.room = room;
  }

  /// Keeps an item. True once it is there, by this call or an earlier one with an equal item; false
  /// when another item has the number.
  boolean put(long id, T item) {
    one.lock();
    try {
      T there = items.putIfAbsent(id, item);
      if (items.size() > room) {
        items.remove(items.keySet().iterator().next());
      }
      return there == null || there.equals(item);
    } finally {
      one.unlock();
    }
  }

  /// The item of that number.
  Optional<T> get(long id) {
    one.lock();
    try {
      return Optional.ofNullable(items.get(id));
    } finally {
      one.unlock();
    }
  }
}
