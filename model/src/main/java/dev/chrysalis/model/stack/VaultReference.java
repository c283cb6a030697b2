package dev.chrysalis.model.stack;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where the vault is and where its passphrase is read from; the passphrase itself never stands in
/// the stack file.
///
/// @param escrowOrNull a file with the copy of the passphrase that is kept elsewhere, as far as
///   this machine can read it
public record VaultReference(String location, Path passphraseFile, @Nullable Path escrowOrNull) {
  /// The copy of the passphrase that is kept elsewhere; empty where none is declared.
  public Optional<Path> escrow() {
    return Optional.ofNullable(escrowOrNull);
  }

  /// The same vault, unlocked by what a file holds.
  public VaultReference unlockedBy(Path file) {
    return new VaultReference(location, file, escrowOrNull);
  }
}
