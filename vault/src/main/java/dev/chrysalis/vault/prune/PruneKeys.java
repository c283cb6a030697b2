package dev.chrysalis.vault.prune;

import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.snapshot.StoreKeys;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/// Where a store's objects lie that a prune looks at.
record PruneKeys(String store) {
  PruneKeys {
    store = new StoreKeys(store).store();
  }

  String packs() {
    return "packs/" + store + "/";
  }

  String packs(SnapshotId id) {
    return packs() + id + "/";
  }

  String doomed() {
    return "doomed/" + store + "/";
  }

  String doomed(String pack) {
    return doomed() + pack.substring(packs().length());
  }

  String indexes() {
    return "index/" + store + "/";
  }

  String manifests() {
    return "manifests/" + store + "/";
  }

  String proofs() {
    return "records/proofs/" + store + "/";
  }

  String sessions() {
    return "sessions/" + store + "/";
  }

  String catalog() {
    return "catalog/" + store + "/";
  }

  String removed() {
    return "removed/" + store + "/";
  }

  /// The session that a key behind a prefix belongs to.
  static Optional<SnapshotId> id(String key, String prefix) {
    String rest = key.substring(prefix.length());
    int slash = rest.indexOf('/');
    try {
      SnapshotId id = new SnapshotId(slash < 0 ? rest : rest.substring(0, slash));
      return id.startedAt().isAfter(Instant.EPOCH) ? Optional.of(id) : Optional.empty();
    } catch (IllegalArgumentException | DateTimeException e) {
      // Not ours: whoever put it there may take it away.
      return Optional.empty();
    }
  }
}
