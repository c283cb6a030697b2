package dev.chrysalis.redis.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.model.RecordStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Says in the vault when somebody accepted that what was restored leads: whatever it holds, it is
/// what the store has. Safe for many threads.
final class Acceptances {
  private final RecordStore records;
  private final String prefix;

  Acceptances(RecordStore records, String store) {
    this.records = records;
    this.prefix = LogNames.acceptances(store);
  }

  void write(Instant at) {
    // Sorted by time: as many digits for centuries.
    boolean _ =
        records.create(
            "%s%015d".formatted(prefix, at.toEpochMilli()), at.toString().getBytes(UTF_8));
  }

  Optional<Instant> newest() {
    List<String> keys = records.keys(prefix);
    return keys.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Instant.ofEpochMilli(Long.parseLong(keys.getLast().substring(prefix.length()))));
  }
}
