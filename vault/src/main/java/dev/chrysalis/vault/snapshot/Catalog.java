package dev.chrysalis.vault.snapshot;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.seal.Damage;
import dev.chrysalis.vault.seal.ObjectType;
import dev.chrysalis.vault.seal.SealedObjects;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The snapshots of a store that are complete and valid. Safe for many threads.
public final class Catalog {
  private final SealedObjects objects;
  private final StoreKeys keys;

  public Catalog(SealedObjects objects, String store) {
    this.objects = objects;
    this.keys = new StoreKeys(store);
  }

  /// All of them, oldest first.
  public List<Snapshot> snapshots() {
    Set<SnapshotId> removed =
        objects.list(keys.removed()).stream()
            .map(listed -> id(listed.key(), keys.removed()))
            .collect(Collectors.toSet());
    List<Backend.Listed> records =
        objects.list(keys.catalog()).stream()
            .filter(listed -> !removed.contains(id(listed.key(), keys.catalog())))
            .toList();
    return objects.sideBySide(records, this::readUnlessPruned).flatMap(Optional::stream).toList();
  }

  /// The names of all sessions with a catalog record that is not removed, oldest first, without
  /// reading the records.
  public List<SnapshotId> ids() {
    Set<String> removed =
        objects.list(keys.removed()).stream()
            .map(listed -> listed.key().substring(keys.removed().length()))
            .collect(Collectors.toSet());
    return objects.list(keys.catalog()).stream()
        .map(listed -> id(listed.key(), keys.catalog()))
        .filter(id -> !removed.contains(id.value()))
        .toList();
  }

  /// One of them.
  public Snapshot snapshot(SnapshotId id) {
    String key = keys.catalog(id);
    // In this order: prune deletes the record before it deletes the sign that it counts no more.
    boolean removed = objects.backend().size(keys.removed(id)).isPresent();
    var size = objects.backend().size(key);
    if (size.isEmpty() || removed) {
      throw none(id);
    }
    return read(key, size.getAsLong()).orElseThrow(() -> none(id));
  }

  /// A prune that began behind the first listing may have removed the snapshot and its record. What
  /// is listed still and cannot be read is damaged.
  private Optional<Snapshot> readUnlessPruned(Backend.Listed record) {
    try {
      return read(record.key(), record.size());
    } catch (ChrysalisException e) {
      if (!e.code().equals(VaultErrors.OBJECT_MISSING)
          || objects.list(record.key()).stream().anyMatch(o -> o.key().equals(record.key()))) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private Optional<Snapshot> read(String key, long size) {
    SnapshotId id = id(key, keys.catalog());
    return CatalogRecord.read(key, keys.store(), id, objects.read(key, ObjectType.CATALOG, size));
  }

  private static SnapshotId id(String key, String prefix) {
    try {
      return new SnapshotId(key.substring(prefix.length()));
    } catch (IllegalArgumentException e) {
      throw Damage.damaged(key, "its key names no snapshot", e);
    }
  }

  private ChrysalisException none(SnapshotId id) {
    return new ChrysalisException(
        VaultErrors.NO_SUCH_SNAPSHOT,
        "there is no snapshot " + id + " of " + keys.store(),
        "list the restore points of " + keys.store() + " and choose one of them");
  }
}
