package dev.chrysalis.vault.snapshot;

import dev.chrysalis.vault.SnapshotId;
import java.util.regex.Pattern;

/// The keys of a store's objects (`docs/format.md`).
public record StoreKeys(String store) {
  private static final Pattern STORE = Pattern.compile("[a-z0-9._-]+");

  public StoreKeys {
    if (!STORE.matcher(store).matches() || store.equals(".") || store.equals("..")) {
      throw new IllegalArgumentException("not a store's name: " + store);
    }
  }

  public String session(SnapshotId id) {
    return "sessions/" + store + "/" + id;
  }

  String packs() {
    return "packs/" + store + "/";
  }

  String packs(SnapshotId id) {
    return packs() + id + "/";
  }

  String index(SnapshotId id) {
    return "index/" + store + "/" + id;
  }

  public String manifest(SnapshotId id) {
    return "manifests/" + store + "/" + id;
  }

  String catalog() {
    return "catalog/" + store + "/";
  }

  public String catalog(SnapshotId id) {
    return catalog() + id;
  }

  String removed() {
    return "removed/" + store + "/";
  }

  String removed(SnapshotId id) {
    return removed() + id;
  }
}
