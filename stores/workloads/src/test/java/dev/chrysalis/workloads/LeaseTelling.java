package dev.chrysalis.workloads;

import dev.chrysalis.engine.FaultyRecordStore;
import dev.chrysalis.model.RecordStore;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Records that tell the time of every lease that is taken, whose heart must beat from then on.
public record LeaseTelling(RecordStore behind, SharedTime time) implements RecordStore {
  /// A controller's chances to die: before and after each record that it writes.
  public static FaultyRecordStore.Script atWrites(Consumer<String> chance) {
    return (moment, key) -> {
      switch (moment) {
        case BEFORE_CREATE, AFTER_CREATE -> {
          if (!SharedTime.inHeart()) {
            chance.accept(moment + " " + key);
          }
        }
        case BEFORE_READ, BEFORE_KEYS -> {}
      }
    };
  }

  @Override
  public boolean create(String key, byte[] body) {
    boolean created = behind.create(key, body);
    if (created && key.startsWith("lease/") && key.contains("/held/")) {
      time.expectHeart();
    } else if (key.startsWith("lease/") && key.contains("/end/")) {
      time.expectNoHeart();
    }
    return created;
  }

  @Override
  public Optional<byte[]> read(String key) {
    return behind.read(key);
  }

  @Override
  public List<String> keys(String prefix) {
    return behind.keys(prefix);
  }
}
