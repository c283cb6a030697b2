package dev.chrysalis.recovery;

import dev.chrysalis.model.RecordStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Records of work that comes back again and again: when each round ended, and what it did.
final class RoundRecords {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd't'HHmmss'z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final RecordStore records;
  private final String prefix;

  /// @param prefix what the records' keys begin with: `prunes/postgres/`
  RoundRecords(RecordStore records, String prefix) {
    this.records = records;
    this.prefix = prefix;
  }

  /// When the newest round ended that came to its end.
  Optional<Instant> last() {
    List<String> all = records.keys(prefix);
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(TIME.parse(all.getLast().substring(prefix.length()), Instant::from));
  }

  /// Where another round ended in the same second, that one is kept: only the time counts.
  void keep(Instant ended, String what) {
    records.create(prefix + TIME.format(ended), what.getBytes(StandardCharsets.UTF_8));
  }
}
