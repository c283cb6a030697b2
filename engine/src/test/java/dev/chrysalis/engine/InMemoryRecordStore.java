package dev.chrysalis.engine;

import dev.chrysalis.model.RecordStore;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// A record store that keeps its promises. Faults are put in front of it: see `FaultyRecordStore`.
public final class InMemoryRecordStore implements RecordStore {
  private final ConcurrentSkipListMap<String, byte[]> bodies = new ConcurrentSkipListMap<>();

  @Override
  public boolean create(String key, byte[] body) {
    byte[] before = bodies.putIfAbsent(key, body.clone());
    return before == null || Arrays.equals(before, body);
  }

  @Override
  public Optional<byte[]> read(String key) {
    return Optional.ofNullable(bodies.get(key)).map(byte[]::clone);
  }

  @Override
  public List<String> keys(String prefix) {
    return bodies.tailMap(prefix).keySet().stream().takeWhile(k -> k.startsWith(prefix)).toList();
  }
}
