package dev.chrysalis.vault.copy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Backend.Listed;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.seal.VaultConfig;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import java.util.stream.Stream;

/// Copies a vault to another place, byte for byte, beside its writers and its prune. What is there
/// already is not copied again, so a copy that broke off is gone on with by running it again.
///
/// 1. `config`, which must be the same vault's where the other place has one.
/// 2. List the catalog. What its snapshots need is in the vault now.
/// 3. Packs, many at once; then indexes, manifests and sessions; then markers of gaps, trims, and
///    the pieces of logs one after the other; then records one after the other.
/// 4. List the catalog again and what was removed: snapshots of the first list that are still valid
///    were complete all the time. What is removed is said first, then their records are copied.
/// 5. Trims once more: what prune took out while the logs were copied.
///
/// Kept: a snapshot that is visible at the copy is complete there; a log there has no hole before
/// its end, and a journal neither. A copy deletes nothing.
public final class VaultCopy {
  /// What nothing else depends on the order of.
  static final List<String> CONTENT = List.of("packs/", "index/", "manifests/", "sessions/");

  /// What is copied one after the other, in the order of the keys.
  static final List<String> CHAINS = List.of("gaps/", "trims/", "log/", "records/");

  private static final String CATALOG = "catalog/";
  private static final String REMOVED = "removed/";
  private static final int MOST_CONFIG_BYTES = 64 * 1024;

  private final Backend from;
  private final Backend to;
  private final int threads;

  /// @param threads how many objects are copied at once
  public VaultCopy(Backend from, Backend to, int threads) {
    this.from = from;
    this.to = to;
    this.threads = threads;
  }

  /// What was copied.
  ///
  /// @param present how many objects were there already
  public record Copied(long objects, long bytes, long present) {}

  /// Hears of objects that were copied; called by many threads.
  public interface Progress {
    void copied(long objects, long bytes);
  }

  /// Copies what is not there yet. `OTHER_VAULT` where the other place holds another vault, and
  /// `COPY_DIFFERS` where an object there has another size.
  public Copied run(Progress progress) {
    Work work = new Work(progress);
    copyConfig(work);
    Set<String> complete = keys(CATALOG);
    CONTENT.forEach(prefix -> copy(prefix, threads, key -> true, work));
    CHAINS.forEach(prefix -> copy(prefix, 1, key -> true, work));
    Set<String> removed = keys(REMOVED);
    complete.retainAll(keys(CATALOG));
    copy(REMOVED, threads, key -> true, work);
    copy(
        CATALOG,
        threads,
        key -> complete.contains(key) && !removed.contains(key.replace(CATALOG, REMOVED)),
        work);
    copy("trims/", 1, key -> true, work);
    return work.copied();
  }

  private void copyConfig(Work work) {
    requireSameVault(from, to);
    if (to.size(VaultConfig.KEY).isEmpty()) {
      work.copy(new Listed(VaultConfig.KEY, from.size(VaultConfig.KEY).orElse(0)));
    }
  }

  /// `NO_VAULT` where there is none to copy; `OTHER_VAULT` where the other place holds another one.
  static void requireSameVault(Backend from, Backend to) {
    if (from.size(VaultConfig.KEY).isEmpty()) {
      throw new ChrysalisException(
          VaultErrors.NO_VAULT, "there is no vault in " + from, "check the location");
    }
    if (to.size(VaultConfig.KEY).isPresent() && !Arrays.equals(config(from), config(to))) {
      throw new ChrysalisException(
          VaultErrors.OTHER_VAULT,
          "there is another vault in " + to,
          "nothing was copied; name an empty place, or that of an earlier copy");
    }
  }

  private static byte[] config(Backend backend) {
    try (InputStream in = backend.open(VaultConfig.KEY, 0, MOST_CONFIG_BYTES)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ChrysalisException(
          VaultErrors.UNREACHABLE,
          "the configuration in " + backend + " cannot be read: " + e.getMessage(),
          "check the connection and try again",
          e);
    }
  }

  private Set<String> keys(String prefix) {
    try (Stream<Listed> listed = from.list(prefix)) {
      return listed.map(Listed::key).collect(Collectors.toCollection(HashSet::new));
    }
  }

  private void copy(String prefix, int atOnce, Predicate<String> wanted, Work work) {
    try (Stream<Pairing.Pair> pairs = Pairing.of(from, to, prefix)) {
      Stream<Listed> missing =
          pairs
              .filter(pair -> wanted.test(pair.object().key()))
              .filter(work::isMissing)
              .map(Pairing.Pair::object);
      if (atOnce == 1) {
        missing.forEach(work::copy);
      } else {
        missing.gather(Gatherers.mapConcurrent(atOnce, work::copy)).forEach(done -> {});
      }
    }
  }

  private final class Work {
    private final Progress progress;
    private final AtomicLong objects = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong present = new AtomicLong();

    Work(Progress progress) {
      this.progress = progress;
    }

    boolean isMissing(Pairing.Pair pair) {
      if (pair.there().isEmpty()) {
        return true;
      }
      requireSize(pair.object(), pair.there());
      present.incrementAndGet();
      return false;
    }

    /// Copies an object; false where prune has deleted it meanwhile, which is no loss: nothing that
    /// is valid needs it.
    boolean copy(Listed object) {
      try {
        Body body = new Stored(from, object);
        if (to.create(object.key(), body) == Backend.Created.EXISTS) {
          requireSize(object, to.size(object.key()));
        }
      } catch (ChrysalisException e) {
        if (from.size(object.key()).isEmpty()) {
          return false;
        }
        throw e;
      }
      progress.copied(objects.incrementAndGet(), bytes.addAndGet(object.size()));
      return true;
    }

    private void requireSize(Listed object, OptionalLong there) {
      if (there.orElse(-1) != object.size()) {
        throw new ChrysalisException(
            VaultErrors.COPY_DIFFERS,
            "%s has %d bytes in %s and %d in %s"
                .formatted(object.key(), object.size(), from, there.orElse(-1), to),
            "one of the two is damaged: chrysalis prove tells; delete the damaged one by hand");
      }
    }

    Copied copied() {
      return new Copied(objects.get(), bytes.get(), present.get());
    }
  }

  /// An object where it is.
  private record Stored(Backend backend, Listed object) implements Body {
    @Override
    public long length() {
      return object.size();
    }

    @Override
    public InputStream open() throws IOException {
      try {
        return backend.open(object.key(), 0, object.size());
      } catch (ChrysalisException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
  }
}
