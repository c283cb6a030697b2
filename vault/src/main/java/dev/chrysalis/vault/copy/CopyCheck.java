package dev.chrysalis.vault.copy;

import dev.chrysalis.vault.DamagedObject;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Backend.Listed;
import dev.chrysalis.vault.proof.Sample;
import dev.chrysalis.vault.seal.Damage;
import dev.chrysalis.vault.seal.Damages;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Gatherers;
import java.util.stream.Stream;

/// Compares a vault with its copy: keys and sizes of all objects, by listing, and the bytes of a
/// sample, by reading both.
public final class CopyCheck {
  /// How many differences are named; the others are counted.
  public static final int MOST_NAMED = 100;

  private static final int STEP = 64 * 1024;

  private final Backend from;
  private final Backend copy;
  private final int threads;

  public CopyCheck(Backend from, Backend copy, int threads) {
    this.from = from;
    this.copy = copy;
    this.threads = threads;
  }

  /// What was found.
  ///
  /// @param objects how many objects the copy and the vault both have
  /// @param behind how many the copy does not have: written since, or lost there; the next copy
  ///   brings them
  /// @param read how many were read and compared
  /// @param different those that differ; at most `MOST_NAMED`
  public record Compared(
      long objects,
      long behind,
      long behindBytes,
      long read,
      long readBytes,
      List<DamagedObject> different,
      long differences) {
    public Compared {
      different = List.copyOf(different);
    }

    public boolean same() {
      return differences == 0;
    }
  }

  /// Compares. `OTHER_VAULT` where the copy is one of another vault.
  public Compared run(Sample sample) {
    VaultCopy.requireSameVault(from, copy);
    Count count = new Count();
    List<String> prefixes =
        Stream.of(VaultCopy.CONTENT, VaultCopy.CHAINS, List.of("catalog/", "removed/"))
            .flatMap(List::stream)
            .toList();
    for (String prefix : prefixes) {
      try (Stream<Pairing.Pair> pairs = Pairing.of(from, copy, prefix)) {
        pairs
            .filter(count::sizesAreEqual)
            .map(Pairing.Pair::object)
            .filter(object -> sample.takes(object.key()))
            .gather(Gatherers.mapConcurrent(threads, count::compare))
            .forEach(done -> {});
      }
    }
    return count.compared();
  }

  private final class Count {
    private final Damages damages = new Damages();
    private final AtomicLong objects = new AtomicLong();
    private final AtomicLong behind = new AtomicLong();
    private final AtomicLong behindBytes = new AtomicLong();
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong readBytes = new AtomicLong();

    boolean sizesAreEqual(Pairing.Pair pair) {
      Listed object = pair.object();
      if (pair.there().isEmpty()) {
        behind.incrementAndGet();
        behindBytes.addAndGet(object.size());
        return false;
      }
      objects.incrementAndGet();
      if (pair.there().getAsLong() != object.size()) {
        damages.add(
            object.key(),
            "%d bytes, in the copy %d".formatted(object.size(), pair.there().getAsLong()));
        return false;
      }
      return true;
    }

    boolean compare(Listed object) {
      read.incrementAndGet();
      readBytes.addAndGet(object.size());
      return damages.without(
          object.key(),
          () -> {
            if (!bytesAreEqual(object)) {
              damages.add(object.key(), "the copy has other bytes");
            }
          });
    }

    Compared compared() {
      return new Compared(
          objects.get(),
          behind.get(),
          behindBytes.get(),
          read.get(),
          readBytes.get(),
          damages.first(MOST_NAMED),
          damages.count());
    }
  }

  private boolean bytesAreEqual(Listed object) {
    try (InputStream one = from.open(object.key(), 0, object.size());
        InputStream other = copy.open(object.key(), 0, object.size())) {
      while (true) {
        byte[] first = one.readNBytes(STEP);
        if (!Arrays.equals(first, other.readNBytes(STEP))) {
          return false;
        }
        if (first.length < STEP) {
          return true;
        }
      }
    } catch (IOException e) {
      throw Damage.unreadable(object.key(), e);
    }
  }
}
