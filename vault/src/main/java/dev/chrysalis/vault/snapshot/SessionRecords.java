package dev.chrysalis.vault.snapshot;

import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.seal.ObjectType;
import dev.chrysalis.vault.seal.SealedObjects;
import java.nio.charset.StandardCharsets;

/// Closes sessions whose writers are taken for dead.
public final class SessionRecords {
  private static final String ABANDONED = "{\"kind\":\"abandoned\"}";

  private SessionRecords() {}

  /// Creates the session's record in the catalog, so that its writer cannot any more. False where
  /// the writer, or another prune, was first.
  public static boolean abandon(SealedObjects objects, String store, SnapshotId id) {
    String key = new StoreKeys(store).catalog(id);
    byte[] record = ABANDONED.getBytes(StandardCharsets.UTF_8);
    return objects.create(key, objects.seal(key, ObjectType.CATALOG, record));
  }
}
