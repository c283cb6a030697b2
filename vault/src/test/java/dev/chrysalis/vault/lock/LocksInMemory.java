package dev.chrysalis.vault.lock;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.ObjectLock;
import dev.chrysalis.vault.backend.ObjectLocks;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Locks that are only written down, and requests that are counted.
public final class LocksInMemory implements ObjectLocks {
  private final Backend objects;
  private final Optional<ObjectLock> declared;
  private final Map<String, Instant> held = new TreeMap<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger set = new AtomicInteger();
  private Place place = new Place(true, true, Optional.empty());
  private int breaksAfter = Integer.MAX_VALUE;

  public LocksInMemory(Backend objects, Optional<ObjectLock> declared) {
    this.objects = objects;
    this.declared = declared;
  }

  public LocksInMemory in(Place says) {
    place = says;
    return this;
  }

  /// Lets so many more objects be held, then the place cannot be reached.
  void breakAfter(int more) {
    breaksAfter = set.get() + more;
  }

  synchronized Map<String, Instant> all() {
    return new TreeMap<>(held);
  }

  int asked() {
    return asked.get();
  }

  int set() {
    return set.get();
  }

  @Override
  public Optional<ObjectLock> declared() {
    return declared;
  }

  @Override
  public Place place() {
    return place;
  }

  @Override
  public synchronized Optional<Instant> heldUntil(String key) {
    asked.incrementAndGet();
    require(key);
    return Optional.ofNullable(held.get(key));
  }

  @Override
  public synchronized void hold(String key, Instant until) {
    require(key);
    if (set.get() >= breaksAfter) {
      throw new ChrysalisException(VaultErrors.UNREACHABLE, "gone", "this is a test's fault");
    }
    if (held.containsKey(key) && held.get(key).isAfter(until)) {
      throw new ChrysalisException(VaultErrors.OBJECT_LOCKED, key, "a lock is never shortened");
    }
    set.incrementAndGet();
    held.put(key, until);
  }

  private void require(String key) {
    if (objects.size(key).isEmpty()) {
      throw new ChrysalisException(VaultErrors.OBJECT_MISSING, key, "it was never written");
    }
  }

  @Override
  public String toString() {
    return "memory";
  }

  @Override
  public void close() {}
}
