package dev.chrysalis.recovery;

/// How well the stack is protected at this moment, computed from the vault by somebody other than
/// the agents.
public interface Protection {
  /// One look at the vault. A vault that cannot be read is an answer too, no exception.
  ProtectionView look();
}
