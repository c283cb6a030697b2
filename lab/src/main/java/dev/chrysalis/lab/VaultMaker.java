package dev.chrysalis.lab;

import dev.chrysalis.vault.backend.VaultLocation;
import java.nio.file.Path;

/// Makes the lab's vault, empty.
@FunctionalInterface
public interface VaultMaker {
  /// Makes a vault there, whose passphrase stands in that file. Called once in a lab's life.
  void make(VaultLocation location, Path passphraseFile);
}
