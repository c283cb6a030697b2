package dev.chrysalis.vault.seal;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.DamagedObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Collects damage while many threads read, each object once. Safe for many threads.
public final class Damages {
  private final Map<String, DamagedObject> byKey = new TreeMap<>();

  public synchronized void add(String key, String why) {
    byKey.putIfAbsent(key, new DamagedObject(key, why));
  }

  /// Runs a piece of work on an object. False where it said that the vault is damaged, which is
  /// kept; every other error goes on to the caller, since it proves nothing.
  public boolean without(String key, Runnable work) {
    try {
      work.run();
      return true;
    } catch (ChrysalisException e) {
      if (e.code().category() != Category.DAMAGED) {
        throw e;
      }
      add(key, String.valueOf(e.getMessage()));
      return false;
    }
  }

  public synchronized long count() {
    return byKey.size();
  }

  /// The first of them in ascending order of key.
  public synchronized List<DamagedObject> first(int most) {
    return byKey.values().stream().limit(most).toList();
  }
}
