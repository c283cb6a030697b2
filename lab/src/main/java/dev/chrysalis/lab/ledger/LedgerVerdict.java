package dev.chrysalis.lab.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the ledger says about a store, value by value.
///
/// @param acknowledged how many writes were acknowledged
/// @param lost acknowledged writes that had to be there and are not, by id
/// @param discardedByTarget acknowledged writes after the chosen moment that are gone, as they
///   should be
/// @param survivedPastTarget ids of writes after the chosen moment that are still there
/// @param unacknowledgedPresent writes that are there though nobody heard so
/// @param corrupted ids that hold another value than was written
/// @param unknown rows that the load never wrote: sample requests of others
/// @param dataLoss from the oldest lost acknowledgement to the disaster; zero when nothing was lost
public record LedgerVerdict(
    long acknowledged,
    List<LostWrite> lost,
    long discardedByTarget,
    List<Long> survivedPastTarget,
    long unacknowledgedPresent,
    List<Long> corrupted,
    long unknown,
    Duration dataLoss) {
  public LedgerVerdict {
    lost = List.copyOf(lost);
    survivedPastTarget = List.copyOf(survivedPastTarget);
    corrupted = List.copyOf(corrupted);
  }

  /// An acknowledged write that is gone.
  public record LostWrite(long id, Instant acknowledgedAt) {}

  /// Whether the store holds what it has to hold and nothing that it must not.
  public boolean clean() {
    return lost.isEmpty() && survivedPastTarget.isEmpty() && corrupted.isEmpty();
  }

  /// Data loss in seconds.
  public double dataLossSeconds() {
    return dataLoss.toMillis() / 1000.0;
  }

  /// Reads everything back and compares it with the writes of a ledger. Stop the load first, or
  /// pass the writes as they were before reading.
  public static LedgerVerdict compare(
      Collection<Write> writes, ItemReader reader, Incident incident) {
    Comparison comparison = new Comparison(writes, incident);
    long after = 0;
    List<Item> page = reader.page(after);
    while (!page.isEmpty()) {
      for (Item rim : page) {
        comparison.present(rim);
        after = Math.max(after, rim.id());
      }
      page = reader.page(after);
    }
    return comparison.verdict();
  }

  /// The comparison under way: what is left in `missing` at the end was not there.
  private static final class Comparison {
    private final Incident incident;
    private final Map<Long, Write> missing = new HashMap<>();
    private final List<Long> survived = new ArrayList<>();
    private final List<Long> corrupted = new ArrayList<>();
    private final long acknowledged;
    private long unacknowledgedPresent;
    private long unknown;

    Comparison(Collection<Write> writes, Incident incident) {
      this.incident = incident;
      writes.forEach(write -> missing.put(write.id(), write));
      this.acknowledged = writes.stream().filter(Write::acknowledged).count();
    }

    void present(Item rim) {
      Write write = missing.remove(rim.id());
      if (write == null) {
        unknown++;
      } else if (!write.value().equals(rim.value())) {
        corrupted.add(rim.id());
      } else if (incident.fateOf(write) == Incident.Fate.MUST_GO) {
        survived.add(rim.id());
      } else if (!write.acknowledged()) {
        unacknowledgedPresent++;
      }
    }

    LedgerVerdict verdict() {
      long discarded = 0;
      List<LostWrite> lost = new ArrayList<>();
      for (Write write : missing.values()) {
        if (write.acknowledgedAt().isEmpty()) {
          continue;
        }
        switch (incident.fateOf(write)) {
          case MUST_STAY -> lost.add(new LostWrite(write.id(), write.acknowledgedAt().get()));
          case MUST_GO, EITHER -> discarded++;
        }
      }
      lost.sort(Comparator.comparingLong(LostWrite::id));
      return new LedgerVerdict(
          acknowledged,
          lost,
          discarded,
          survived,
          unacknowledgedPresent,
          corrupted,
          unknown,
          dataLoss(lost));
    }

    private Duration dataLoss(List<LostWrite> lost) {
      return lost.stream()
          .map(LostWrite::acknowledgedAt)
          .min(Comparator.naturalOrder())
          .map(oldest -> Duration.between(oldest, incident.disaster()))
          .filter(Duration::isPositive)
          .orElse(Duration.ZERO);
    }
  }
}
