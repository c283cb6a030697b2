package dev.chrysalis.vault.backend;

import java.time.Instant;
import java.util.Optional;

/// The locks of a place's objects: an object that is held can be neither deleted nor changed before
/// its time, whoever asks. Like a `Backend` it does not try again by itself (`RetryingLocks` does),
/// is safe for many threads, and fails with the errors of `VaultErrors`.
public interface ObjectLocks extends AutoCloseable {
  /// The lock that the vault's location declares; empty where it declares none.
  Optional<ObjectLock> declared();

  /// What the place itself says of locks.
  Place place();

  /// Until when an object is held; empty where it is not. `OBJECT_MISSING` where there is none,
  /// `CANNOT_LOCK` where the place knows no locks.
  Optional<Instant> heldUntil(String key);

  /// Holds an object until a moment, in the declared mode. A place never shortens a lock by this.
  void hold(String key, Instant until);

  /// Where it is, for messages; holds no secret.
  @Override
  String toString();

  @Override
  void close();

  /// A bucket's own settings.
  ///
  /// @param versioned whether it keeps versions, without which nothing can be held
  /// @param locking whether its objects can be held
  /// @param retention how it holds new objects that ask for nothing, in words; empty where it does
  ///   not
  record Place(boolean versioned, boolean locking, Optional<String> retention) {}
}
