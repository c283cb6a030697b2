package dev.chrysalis.vault.prune;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.seal.SealedObjects;
import dev.chrysalis.vault.snapshot.Catalog;
import dev.chrysalis.vault.snapshot.PackReferences;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// A store's objects, listed in the order that makes judging them safe: first what sessions wrote,
/// then the sessions, then the catalog. So of every object that is listed, its session is, unless
/// that has ended and gone; and a session without a record in the catalog is open, or was when the
/// catalog was listed.
///
/// @param packs the packs with their sizes
/// @param doomed the packs that are marked
/// @param written the sessions of which there is a manifest, an index or a proof, by the object's
///   key
/// @param sessions the sessions
/// @param removed the snapshots that are not valid any more
/// @param recorded the sessions with a record in the catalog
/// @param visible the snapshots
record StoreView(
    Map<String, Long> packs,
    Set<String> doomed,
    Map<String, SnapshotId> written,
    Set<SnapshotId> sessions,
    Set<SnapshotId> removed,
    Set<SnapshotId> recorded,
    List<Snapshot> visible) {

  static StoreView of(SealedObjects objects, PruneKeys keys) {
    Map<String, Long> packs = new TreeMap<>();
    objects.list(keys.packs()).forEach(pack -> packs.put(pack.key(), pack.size()));
    Set<String> doomed = doomed(objects, keys);
    Map<String, SnapshotId> written = new TreeMap<>();
    for (String prefix : List.of(keys.indexes(), keys.manifests(), keys.proofs())) {
      for (Backend.Listed object : objects.list(prefix)) {
        PruneKeys.id(object.key(), prefix).ifPresent(id -> written.put(object.key(), id));
      }
    }
    Set<SnapshotId> sessions = ids(objects, keys.sessions());
    Set<SnapshotId> removed = ids(objects, keys.removed());
    Set<SnapshotId> recorded = ids(objects, keys.catalog());
    return new StoreView(
        packs, doomed, written, sessions, removed, recorded, visible(objects, keys.store()));
  }

  /// The packs that are marked, by their own keys.
  static Set<String> doomed(SealedObjects objects, PruneKeys keys) {
    return objects.list(keys.doomed()).stream()
        .map(mark -> keys.packs() + mark.key().substring(keys.doomed().length()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  static Set<SnapshotId> ids(SealedObjects objects, String prefix) {
    Set<SnapshotId> ids = new TreeSet<>();
    objects.list(prefix).forEach(object -> PruneKeys.id(object.key(), prefix).ifPresent(ids::add));
    return ids;
  }

  /// The snapshots; damage in the catalog means that nobody knows what is needed.
  static List<Snapshot> visible(SealedObjects objects, String store) {
    return knowing(() -> new Catalog(objects, store).snapshots());
  }

  /// The packs that these snapshots need.
  static Set<String> references(SealedObjects objects, List<Snapshot> snapshots) {
    return knowing(() -> {
      Set<String> needed = new HashSet<>();
      snapshots.forEach(s -> needed.addAll(PackReferences.of(objects, s)));
      return needed;
    });
  }

  Set<SnapshotId> visibleIds() {
    return visible.stream().map(Snapshot::id).collect(Collectors.toSet());
  }

  /// The sessions that may still commit.
  Set<SnapshotId> open() {
    Set<SnapshotId> open = new TreeSet<>(sessions);
    open.removeAll(recorded);
    return open;
  }

  private static <T> T knowing(Supplier<T> read) {
    try {
      return read.get();
    } catch (ChrysalisException e) {
      if (e.code().category() != Category.DAMAGED) {
        throw e;
      }
      throw new ChrysalisException(
          VaultErrors.PRUNE_UNSAFE,
          "nobody knows what the snapshots need, so nothing more is deleted: " + e.getMessage(),
          "bring the object back from a copy of the vault; chrysalis prove says what else is damaged",
          e);
    }
  }
}
