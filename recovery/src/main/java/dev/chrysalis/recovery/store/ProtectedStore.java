package dev.chrysalis.recovery.store;

import dev.chrysalis.model.stack.Datastore;
import java.time.Instant;
import java.util.Optional;

/// A datastore as the vault holds it. Every call looks anew; the vault's errors. Safe for many
/// threads.
public interface ProtectedStore {
  /// What the stack file says of it.
  Datastore declared();

  /// What the vault holds of it now, measured by its policy.
  StoreProtection protection();

  /// When the oldest restore point was taken; empty where there is none.
  Optional<Instant> oldest();
}
