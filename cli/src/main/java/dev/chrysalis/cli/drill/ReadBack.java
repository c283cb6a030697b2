package dev.chrysalis.cli.drill;

import dev.chrysalis.lab.Disaster;
import dev.chrysalis.lab.LabErrors;
import dev.chrysalis.lab.ledger.Incident;
import dev.chrysalis.lab.ledger.ItemReader;
import dev.chrysalis.lab.ledger.Ledger;
import dev.chrysalis.lab.ledger.LedgerVerdict;
import dev.chrysalis.lab.ledger.Write;
import dev.chrysalis.model.ChrysalisException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/// Whether clients are served again, by the ledger that a running load writes to. Whatever brings
/// them back is measured by this.
final class ReadBack {
  private static final int ATTEMPTS = 10;
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final Ledger ledger;
  private final Function<HttpClient, ItemReader> store;
  private final Patience patience;
  private final InstantSource clock;
  private final Set<Long> goneBefore = new HashSet<>();

  /// @param store reads what is really there
  ReadBack(
      Ledger ledger,
      Function<HttpClient, ItemReader> store,
      Patience patience,
      InstantSource clock) {
    this.ledger = ledger;
    this.store = store;
    this.patience = patience;
    this.clock = clock;
  }

  /// What earlier disasters took, by loss or on purpose, is not the next one's doing.
  void rememberWhatIsGone() {
    Instant now = clock.instant();
    LedgerVerdict before = patiently(() -> compare(ledger.writes(), Incident.of(now, now)));
    goneBefore.clear();
    before.lost().forEach(l -> goneBefore.add(l.id()));
  }

  /// Waits until a write that was sent after clients returned is acknowledged, and reads every
  /// value back. Returns when that was done; empty where no write was acknowledged in that time.
  Optional<Instant> after(Instant returned, Disaster disaster, Instant cutOff, Duration atMost) {
    if (!patience.until(() -> ledger.firstAcknowledgedAfter(returned).isPresent(), atMost)) {
      return Optional.empty();
    }
    LedgerVerdict _ = compare(disaster, cutOff);
    return Optional.of(clock.instant());
  }

  /// Reads everything back and compares it.
  ///
  /// @param cutOff from when on no client reached the store of before
  LedgerVerdict compare(Disaster disaster, Instant cutOff) {
    Collection<Write> writes =
        ledger.writes().stream().filter(w -> !goneBefore.contains(w.id())).toList();
    return compare(
        writes, new Incident(disaster.at(), Optional.ofNullable(disaster.restoreTo()), cutOff));
  }

  private LedgerVerdict compare(Collection<Write> writes, Incident incident) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return LedgerVerdict.compare(writes, store.apply(http), incident);
    }
  }

  /// Reads again for a while: a service that is busy, as right after a recovery, may refuse a page
  /// of values.
  <T> T patiently(Supplier<T> reading) {
    for (int attempt = 1; ; attempt++) {
      try {
        return reading.get();
      } catch (ChrysalisException e) {
        if (!e.code().equals(LabErrors.SERVICE) || attempt == ATTEMPTS) {
          throw e;
        }
        patience.pass(PAUSE);
      }
    }
  }
}
