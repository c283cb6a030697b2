package dev.chrysalis.vault.prune;

/// Watches over a prune.
public interface PruneGuard {
  /// Called before every change; throws where the prune must stop, because it is not alone any more
  /// or is interrupted.
  void mayGoOn();

  /// Waits a little while sessions are open that may need what is marked; false where the prune is
  /// not to wait any longer.
  boolean waitFor(int openSessions);
}
