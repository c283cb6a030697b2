package dev.chrysalis.vault.snapshot;

import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.pack.PackTable;
import dev.chrysalis.vault.seal.ObjectType;
import dev.chrysalis.vault.seal.SealedObjects;
import java.util.HashSet;
import java.util.Set;

/// Which packs a snapshot needs, as the beginning of its manifest says.
public final class PackReferences {
  private PackReferences() {}

  /// The packs' keys; `OBJECT_MISSING` or `OBJECT_DAMAGED` where the manifest cannot tell.
  public static Set<String> of(SealedObjects objects, Snapshot snapshot) {
    StoreKeys keys = new StoreKeys(snapshot.store());
    String key = keys.manifest(snapshot.id());
    Set<String> packs = new HashSet<>();
    try (var reader =
        new ManifestReader(key, objects.open(key, ObjectType.MANIFEST), keys.packs())) {
      for (PackTable.Pack pack : reader.packs()) {
        packs.add(pack.name());
      }
    }
    return packs;
  }
}
