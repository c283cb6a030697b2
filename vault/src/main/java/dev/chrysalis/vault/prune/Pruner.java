package dev.chrysalis.vault.prune;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.ErasingBackend;
import dev.chrysalis.vault.log.LogTrimmer;
import dev.chrysalis.vault.seal.SealedObjects;
import dev.chrysalis.vault.snapshot.SessionRecords;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/// Removes what nobody needs, beside running writers and readers, as `docs/format.md` says ("How
/// prune works"). It is alone (a lease), can be killed between any two calls, and is run again
/// then.
///
/// 1. `hide`: invalidate the snapshots that policy drops, close dead sessions, hide what logs lose.
/// 2. `sweep`, mark: doom the packs that no snapshot needs and no open session wrote.
/// 3. Wait until all sessions have ended that are open when all marks are there.
/// 4. Read the catalog again; delete the doomed packs that no snapshot needs, then what is left of
///    removed snapshots and closed sessions, the catalog's record next to last, the mark last.
///
/// Kept: a snapshot that is visible is complete. A pack is deleted only when it is doomed, all
/// sessions that may not have seen its mark have ended, and no snapshot needs it; a mark is never
/// taken back, so from then on nobody can come to need it. A sign that hides something goes only
/// after a listing has shown that what it hides is gone. A closed session's record stays for good:
/// it is what refuses a writer that wakes up late.
public final class Pruner {
  private final SealedObjects objects;
  private final ErasingBackend eraser;

  /// @param eraser the same place as that of the objects, with the right to delete
  public Pruner(SealedObjects objects, ErasingBackend eraser) {
    this.objects = objects;
    this.eraser = eraser;
  }

  /// When the oldest session began that is open now. Look at this before the snapshots are listed
  /// that a policy decides on: what an open session needs of a log, nobody else knows.
  public Optional<Instant> oldestOpenSession(String store) {
    PruneKeys keys = new PruneKeys(store);
    return openSessions(keys).stream().map(SnapshotId::startedAt).min(Instant::compareTo);
  }

  /// What `hide` and `sweep` would do, were nobody else there. Only reads.
  public Pruned forecast(PruneRequest request) {
    PruneKeys keys = new PruneKeys(request.store());
    StoreView view = StoreView.of(objects, keys);
    List<Snapshot> kept =
        view.visible().stream().filter(s -> !request.drop().contains(s.id())).toList();
    Set<String> needed = StoreView.references(objects, kept);
    Set<SnapshotId> dead = dead(view.open(), request);
    Set<SnapshotId> open = new TreeSet<>(view.open());
    open.removeAll(dead);
    List<Long> going =
        view.packs().entrySet().stream()
            .filter(pack -> !needed.contains(pack.getKey()) && !isOf(open, keys, pack.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    Count count = new Count();
    count.packs.set(going.size());
    count.packBytes.set(going.stream().mapToLong(Long::longValue).sum());
    request.logs().forEach(log -> count.add(cut(log)));
    long drops = view.visible().size() - (long) kept.size();
    return count.pruned(drops, dead.size(), open.size());
  }

  /// Makes everything invisible that is to go. Nothing that is needed later is decided after this.
  /// Nothing is deleted.
  public Hidden hide(PruneRequest request, PruneGuard guard) {
    PruneKeys keys = new PruneKeys(request.store());
    List<Snapshot> visible = StoreView.visible(objects, request.store());
    if (!visible.isEmpty() && visible.stream().allMatch(s -> request.drop().contains(s.id()))) {
      throw new IllegalArgumentException("a prune never drops all snapshots of a store");
    }
    Hidden hidden = new Hidden(request.store());
    for (Snapshot snapshot : visible) {
      if (request.drop().contains(snapshot.id())) {
        mark(keys.removed() + snapshot.id(), guard);
        hidden.snapshots++;
      }
    }
    for (SnapshotId dead : dead(openSessions(keys), request)) {
      guard.mayGoOn();
      hidden.sessions += SessionRecords.abandon(objects, request.store(), dead) ? 1 : 0;
    }
    for (LogKeep log : request.logs()) {
      guard.mayGoOn();
      LogTrimmer trimmer = new LogTrimmer(objects, log.log());
      LogTrimmer.Cut cut = cut(log);
      trimmer.hide(cut);
      hidden.cuts.put(trimmer, cut);
    }
    return hidden;
  }

  /// What a prune made invisible, and is now to delete.
  public static final class Hidden {
    private final String store;
    private final Map<LogTrimmer, LogTrimmer.Cut> cuts = new LinkedHashMap<>();
    private long snapshots;
    private long sessions;

    private Hidden(String store) {
      this.store = store;
    }
  }

  /// Deletes what is not needed and not visible. What it cannot delete yet, a later one does.
  public Pruned sweep(Hidden hidden, PruneGuard guard) {
    PruneKeys keys = new PruneKeys(hidden.store);
    Count count = new Count();
    hidden.cuts.forEach((trimmer, cut) -> {
      count.add(cut);
      erase(trimmer.deletable(cut), count, guard);
    });
    StoreView view = StoreView.of(objects, keys);
    Set<SnapshotId> open = view.open();
    Map<String, Long> doomed = doom(view, keys, open, guard);
    int waitingFor = await(keys, guard);
    if (waitingFor > 0) {
      return count.pruned(hidden.snapshots, hidden.sessions, waitingFor);
    }
    List<Snapshot> visible = StoreView.visible(objects, hidden.store);
    doomed.keySet().removeAll(StoreView.references(objects, visible));
    erasePacks(doomed, count, guard);
    new Remains(keys, view, visible, open).erase(count, guard);
    return count.pruned(hidden.snapshots, hidden.sessions, 0);
  }

  private LogTrimmer.Cut cut(LogKeep log) {
    return new LogTrimmer(objects, log.log()).cut(log::needs, log.sealedSince());
  }

  private static Set<SnapshotId> dead(Set<SnapshotId> open, PruneRequest request) {
    Set<SnapshotId> dead = new TreeSet<>(open);
    dead.removeIf(id -> !id.startedAt().isBefore(request.deadBefore()));
    return dead;
  }

  /// Marks what nobody is known to need; all marked packs with their sizes.
  private Map<String, Long> doom(
      StoreView view, PruneKeys keys, Set<SnapshotId> open, PruneGuard guard) {
    Set<String> needed = StoreView.references(objects, view.visible());
    Map<String, Long> doomed = new HashMap<>(view.packs());
    doomed.keySet().removeIf(pack -> needed.contains(pack) || isOf(open, keys, pack));
    List<String> unmarked =
        doomed.keySet().stream().filter(pack -> !view.doomed().contains(pack)).sorted().toList();
    objects
        .sideBySide(
            unmarked,
            pack -> {
              mark(keys.doomed(pack), guard);
              return pack;
            })
        .forEach(done -> {});
    return doomed;
  }

  /// Waits for the sessions that are open now; how many of them still are, where it gave up.
  private int await(PruneKeys keys, PruneGuard guard) {
    Set<SnapshotId> open = openSessions(keys);
    while (!open.isEmpty()) {
      guard.mayGoOn();
      if (!guard.waitFor(open.size())) {
        return open.size();
      }
      open.removeAll(StoreView.ids(objects, keys.catalog()));
    }
    return 0;
  }

  private Set<SnapshotId> openSessions(PruneKeys keys) {
    Set<SnapshotId> open = StoreView.ids(objects, keys.sessions());
    open.removeAll(StoreView.ids(objects, keys.catalog()));
    return open;
  }

  private void erasePacks(Map<String, Long> packs, Count count, PruneGuard guard) {
    for (String gone : erase(packs.keySet(), count, guard)) {
      count.packs.incrementAndGet();
      count.packBytes.addAndGet(packs.getOrDefault(gone, 0L));
    }
  }

  /// Whether one of these sessions wrote a pack.
  private static boolean isOf(Set<SnapshotId> sessions, PruneKeys keys, String pack) {
    return PruneKeys.id(pack, keys.packs()).filter(sessions::contains).isPresent();
  }

  private void mark(String key, PruneGuard guard) {
    guard.mayGoOn();
    objects.backend().create(key, Body.of(new byte[0]));
  }

  /// Deletes many objects; those that are gone. What is locked is counted.
  private List<String> erase(Collection<String> keys, Count count, PruneGuard guard) {
    return objects
        .sideBySide(
            keys.stream().sorted().toList(),
            key -> erase(key, count, guard) ? Optional.of(key) : Optional.<String>empty())
        .flatMap(Optional::stream)
        .toList();
  }

  private boolean erase(String key, Count count, PruneGuard guard) {
    guard.mayGoOn();
    try {
      eraser.delete(key);
      return true;
    } catch (ChrysalisException e) {
      if (!e.code().equals(VaultErrors.OBJECT_LOCKED)) {
        throw e;
      }
      count.locked.incrementAndGet();
      return false;
    }
  }

  /// What is left of sessions that ended without leaving a visible snapshot.
  private final class Remains {
    private final PruneKeys keys;
    private final StoreView view;
    private final Set<SnapshotId> alive = new TreeSet<>();

    /// @param open the sessions that were open when the view was listed
    Remains(PruneKeys keys, StoreView view, List<Snapshot> visible, Set<SnapshotId> open) {
      this.keys = keys;
      this.view = view;
      visible.forEach(snapshot -> alive.add(snapshot.id()));
      alive.addAll(open);
    }

    void erase(Count count, PruneGuard guard) {
      NavigableSet<String> packs = keysUnder(keys.packs());
      List<String> gone = new ArrayList<>();
      view.written()
          .forEach((key, id) -> {
            // An index is worth keeping while packs of its session are: it spares reading footers.
            boolean index = key.startsWith(keys.indexes());
            if (!alive.contains(id) && !(index && hasPacks(packs, id))) {
              gone.add(key);
            }
          });
      view.sessions().stream()
          .filter(id -> !alive.contains(id))
          .forEach(id -> gone.add(keys.sessions() + id));
      Pruner.this.erase(gone, count, guard);
      eraseRecords(count, guard);
      eraseMarks(packs, count, guard);
    }

    private boolean hasPacks(NavigableSet<String> packs, SnapshotId id) {
      String first = packs.ceiling(keys.packs(id));
      return first != null && first.startsWith(keys.packs(id));
    }

    /// The records of removed snapshots of which nothing is left that a reader would look for; what
    /// says that they are removed goes when a listing shows that they are gone.
    private void eraseRecords(Count count, PruneGuard guard) {
      Set<SnapshotId> left = StoreView.ids(objects, keys.manifests());
      left.addAll(StoreView.ids(objects, keys.sessions()));
      Set<SnapshotId> removed = new TreeSet<>(view.removed());
      removed.removeAll(left);
      Pruner.this.erase(removed.stream().map(id -> keys.catalog() + id).toList(), count, guard);
      removed.removeAll(StoreView.ids(objects, keys.catalog()));
      Pruner.this.erase(removed.stream().map(id -> keys.removed() + id).toList(), count, guard);
    }

    private void eraseMarks(Set<String> packs, Count count, PruneGuard guard) {
      List<String> marks =
          StoreView.doomed(objects, keys).stream()
              .filter(pack -> !packs.contains(pack))
              .map(keys::doomed)
              .toList();
      Pruner.this.erase(marks, count, guard);
    }

    private NavigableSet<String> keysUnder(String prefix) {
      NavigableSet<String> all = new TreeSet<>();
      objects.list(prefix).stream().map(Backend.Listed::key).forEach(all::add);
      return all;
    }
  }

  /// What was done so far, by many threads.
  private static final class Count {
    final AtomicLong packs = new AtomicLong();
    final AtomicLong packBytes = new AtomicLong();
    final AtomicLong pieces = new AtomicLong();
    final AtomicLong pieceBytes = new AtomicLong();
    final AtomicLong locked = new AtomicLong();

    void add(LogTrimmer.Cut cut) {
      pieces.addAndGet(cut.pieces());
      pieceBytes.addAndGet(cut.bytes());
    }

    Pruned pruned(long snapshots, long sessions, int waitingFor) {
      return new Pruned(
          snapshots,
          sessions,
          packs.get(),
          packBytes.get(),
          pieces.get(),
          pieceBytes.get(),
          locked.get(),
          waitingFor,
          0);
    }
  }
}
