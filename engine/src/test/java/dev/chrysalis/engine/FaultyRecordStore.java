package dev.chrysalis.engine;

import dev.chrysalis.model.RecordStore;
import java.util.List;
import java.util.Optional;

/// Asks a script before and after every call; the script throws what the store shall throw.
public final class FaultyRecordStore implements RecordStore {
  /// What a script is told.
  public enum Moment {
    BEFORE_CREATE,
    AFTER_CREATE,
    BEFORE_READ,
    BEFORE_KEYS
  }

  /// Decides about faults.
  @FunctionalInterface
  public interface Script {
    void at(Moment moment, String key);
  }

  private final RecordStore behind;
  private final Script script;

  public FaultyRecordStore(RecordStore behind, Script script) {
    this.behind = behind;
    this.script = script;
  }

  @Override
  public boolean create(String key, byte[] body) {
    script.at(Moment.BEFORE_CREATE, key);
    boolean created = behind.create(key, body);
    script.at(Moment.AFTER_CREATE, key);
    return created;
  }

  @Override
  public Optional<byte[]> read(String key) {
    script.at(Moment.BEFORE_READ, key);
    return behind.read(key);
  }

  @Override
  public List<String> keys(String prefix) {
    script.at(Moment.BEFORE_KEYS, prefix);
    return behind.keys(prefix);
  }
}
