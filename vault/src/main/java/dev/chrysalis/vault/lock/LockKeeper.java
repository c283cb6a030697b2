package dev.chrysalis.vault.lock;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.ObjectLock;
import dev.chrysalis.vault.backend.ObjectLocks;
import dev.chrysalis.vault.log.LogObjects;
import dev.chrysalis.vault.log.Logs;
import dev.chrysalis.vault.seal.Damages;
import dev.chrysalis.vault.seal.SealedObjects;
import dev.chrysalis.vault.seal.VaultConfig;
import dev.chrysalis.vault.snapshot.Catalog;
import dev.chrysalis.vault.snapshot.PackReferences;
import dev.chrysalis.vault.snapshot.StoreKeys;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/// Keeps the locks of what restores need from running out. A lock that was set when an object was
/// written is not enough: a new snapshot refers to packs of old ones.
///
/// 1. `config`; of every visible snapshot the catalog's record, the manifest and the packs; of
///    every log what its readers need; the records that are asked for.
/// 2. Of each it is asked until when it is held, in one request. Where less than half of the
///    declared lock is left, or nothing, it is held for the whole lock from now on, in another.
///
/// Kept: no lock becomes shorter; what was held already costs one request, so a round that broke
/// off is simply begun again; damage stops no round, and what is damaged is named at its end. What
/// a prune deletes meanwhile is passed over. Two rounds at once do no harm.
public final class LockKeeper {
  private static final String RECORDS = "records/";

  private final SealedObjects objects;
  private final ObjectLocks locks;
  private final ObjectLock lock;
  private final Clock clock;

  /// @param locks the locks of the vault's own place, where one is declared
  public LockKeeper(SealedObjects objects, ObjectLocks locks, Clock clock) {
    this.objects = objects;
    this.locks = locks;
    this.lock = locks.declared().orElseThrow(() -> notDeclared(locks));
    this.clock = clock;
  }

  /// What a round found and did.
  ///
  /// @param objects how many objects are held
  /// @param extended how many of them were not, or not for long enough
  /// @param missing how many are not there any more
  /// @param unread how many snapshots cannot be read, so that nobody knows what they need
  public record Held(long objects, long extended, long missing, long unread) {}

  /// Hears how far a round is; called by many threads.
  public interface Progress {
    void held(long objects, long extended);
  }

  /// Makes one round.
  ///
  /// @param records which records are held, by their keys without `records/`
  public Held run(Collection<String> stores, Predicate<String> records, Progress progress) {
    Round round = new Round(progress);
    round.hold(List.of(VaultConfig.KEY));
    for (String store : stores) {
      round.hold(ofSnapshots(store, round.damages));
      for (LogName log : new Logs(objects, clock).of(store)) {
        round.hold(LogObjects.keys(objects, log));
      }
    }
    round.hold(
        objects.list(RECORDS).stream()
            .map(Backend.Listed::key)
            .filter(key -> records.test(key.substring(RECORDS.length())))
            .toList());
    return round.held();
  }

  private Set<String> ofSnapshots(String store, Damages damages) {
    StoreKeys keys = new StoreKeys(store);
    Catalog catalog = new Catalog(objects, store);
    Set<String> needed = new TreeSet<>();
    for (SnapshotId id : catalog.ids()) {
      damages.without(
          keys.catalog(id),
          () ->
              snapshot(catalog, id)
                  .ifPresent(snapshot -> {
                    needed.add(keys.catalog(id));
                    needed.add(keys.manifest(id));
                    needed.addAll(PackReferences.of(objects, snapshot));
                  }));
    }
    return needed;
  }

  /// Empty for a session that was closed as dead, and for a snapshot that was just removed.
  private static Optional<Snapshot> snapshot(Catalog catalog, SnapshotId id) {
    try {
      return Optional.of(catalog.snapshot(id));
    } catch (ChrysalisException e) {
      if (!e.code().equals(VaultErrors.NO_SUCH_SNAPSHOT)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private final class Round {
    private final Progress progress;
    private final Damages damages = new Damages();
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong extended = new AtomicLong();
    private final AtomicLong missing = new AtomicLong();

    Round(Progress progress) {
      this.progress = progress;
    }

    void hold(Collection<String> keys) {
      objects.sideBySide(keys, this::hold).forEach(done -> {});
    }

    private String hold(String key) {
      try {
        Instant now = clock.instant();
        Instant enough = now.plus(Duration.ofDays(lock.days()).dividedBy(2));
        if (locks.heldUntil(key).filter(until -> !until.isBefore(enough)).isEmpty()) {
          locks.hold(key, lock.until(now));
          extended.incrementAndGet();
        }
        progress.held(held.incrementAndGet(), extended.get());
      } catch (ChrysalisException e) {
        if (!e.code().equals(VaultErrors.OBJECT_MISSING)) {
          throw e;
        }
        missing.incrementAndGet();
      }
      return key;
    }

    Held held() {
      return new Held(held.get(), extended.get(), missing.get(), damages.count());
    }
  }

  private static ChrysalisException notDeclared(ObjectLocks locks) {
    return new ChrysalisException(
        VaultErrors.CANNOT_LOCK,
        "the vault's location declares no lock: " + locks,
        "add lock=compliance:30d to vault.location of the stack file, and to CHRYSALIS_VAULT of"
            + " the agents");
  }
}
