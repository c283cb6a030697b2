package dev.chrysalis.vault.backend;

/// A backend with the right to delete, which only a prune is handed: agents and recoveries only
/// ever see a `Backend`, and the bucket's own rights should say the same.
public interface ErasingBackend extends Backend {
  /// Removes an object; removing one that is not there is no error. `VaultErrors.OBJECT_LOCKED`
  /// where the store holds it back from deletion; `VaultErrors.ACCESS_DENIED` where the right is
  /// missing. After another error the outcome is unknown and the caller may call again.
  void delete(String key);
}
