package dev.chrysalis.postgres.agent.wal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.postgres.Lsn;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// Tells the vault that a server wrote nothing: without a piece there would be no way to see from
/// outside that the shipper lives and all is covered. Only needed where no heartbeats are made.
final class CoverageMarks {
  private static final DateTimeFormatter KEY =
      DateTimeFormatter.ofPattern("uuuuMMdd/HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final RecordStore records;
  private final ShipperSettings settings;
  private final long system;
  private final int timeline;
  private long markedNanos;

  CoverageMarks(RecordStore records, ShipperSettings settings, long system, int timeline) {
    this.records = records;
    this.settings = settings;
    this.system = system;
    this.timeline = timeline;
    this.markedNanos = System.nanoTime();
  }

  /// @param asOf up to when everything committed is in the vault
  record Mark(int timeline, Lsn covered, Instant asOf) {}

  /// Writes a mark where neither a piece nor a mark was written for long enough.
  void mark(LegShipment shipment, Executor executor, Consumer<ShipEvent> listener) {
    long every = settings.markEvery().toNanos();
    Optional<Instant> asOf = shipment.coveredAsOf();
    if (asOf.isEmpty()
        || shipment.sinceSealed().toNanos() < every
        || System.nanoTime() - markedNanos < every) {
      return;
    }
    markedNanos = System.nanoTime();
    String key =
        WalNames.marks(settings.store(), system)
            + KEY.format(asOf.get())
            + "-"
            + WalNames.hex(timeline)
            + "-"
            + settings.member();
    byte[] body = (shipment.end() + " " + asOf.get()).getBytes(UTF_8);
    executor.execute(() -> {
      try {
        records.create(key, body);
      } catch (ChrysalisException e) {
        listener.accept(new ShipEvent.VaultFailing(e));
      }
    });
  }

  /// The newest mark of the last two days before a moment.
  static Optional<Mark> newest(RecordStore records, String store, long system, Instant now) {
    String prefix = WalNames.marks(store, system);
    for (int day = 0; day < 2; day++) {
      String date = KEY.format(now.minusSeconds(86_400L * day)).substring(0, 9);
      List<String> keys = records.keys(prefix + date);
      if (!keys.isEmpty()) {
        return parse(records, keys.getLast());
      }
    }
    return Optional.empty();
  }

  /// The keys of the marks of days before that of a moment, of all clusters of the store.
  static List<String> before(RecordStore records, String store, Instant moment) {
    String today = KEY.format(moment).substring(0, 8);
    return records.keys(WalNames.records(store)).stream()
        .filter(key -> isMarkBefore(key, today))
        .toList();
  }

  private static boolean isMarkBefore(String key, String today) {
    String[] parts = key.split("/", -1);
    return parts.length == 6
        && parts[3].equals(WalNames.COVERED)
        && parts[4].length() == today.length()
        && parts[4].compareTo(today) < 0;
  }

  private static Optional<Mark> parse(RecordStore records, String key) {
    String name = key.substring(key.lastIndexOf('/') + 1);
    int timeline = Integer.parseInt(name.substring(7, 15), 16);
    return records
        .read(key)
        .map(body -> new String(body, UTF_8).split(" ", 2))
        .map(parts -> new Mark(timeline, Lsn.parse(parts[0]), Instant.parse(parts[1])));
  }
}
