package dev.chrysalis.vault.lock;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.ObjectLocks;
import dev.chrysalis.vault.seal.VaultConfig;
import java.time.Instant;
import java.util.Optional;

/// Shows that a place does what its location declares. Some stores take the headers of a lock and
/// hold nothing; that must show when a vault is made, not when somebody has emptied it.
public final class LockProof {
  private LockProof() {}

  /// `CANNOT_LOCK` where a lock is declared and the bucket says of itself that it cannot.
  public static void requireLocking(ObjectLocks locks) {
    if (locks.declared().isEmpty()) {
      return;
    }
    ObjectLocks.Place place = locks.place();
    if (!place.locking() || !place.versioned()) {
      throw new ChrysalisException(
          VaultErrors.CANNOT_LOCK,
          "the location declares a lock, and the bucket "
              + (place.locking() ? "keeps no versions: " : "does not lock objects: ")
              + locks,
          "enable versioning and object lock on the bucket, or take lock=… out of the location");
    }
  }

  /// Until when the vault's first object is held; empty where no lock is declared. `NOT_HELD` where
  /// one is and the object is not held.
  public static Optional<Instant> firstObject(ObjectLocks locks) {
    if (locks.declared().isEmpty()) {
      return Optional.empty();
    }
    Optional<Instant> until = locks.heldUntil(VaultConfig.KEY);
    if (until.isEmpty()) {
      throw new ChrysalisException(
          VaultErrors.NOT_HELD,
          "the location declares a lock, and the object "
              + VaultConfig.KEY
              + " is not held: "
              + locks,
          "a vault that was made before the lock was declared: chrysalis vault lock; a new one:"
              + " the store takes locks and ignores them, use another");
    }
    return until;
  }
}
