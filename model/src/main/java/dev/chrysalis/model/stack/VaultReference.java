package dev.chrysalis.model.stack;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where the vault is and where its passphrase is read from; the passphrase itself never stands in
/// the stack file.
///
/// @param escrowOrNull a file with the copy of the passphrase that is kept elsewhere, as far as
///   this machine can read it
/// @param copyOrNull where a second copy of the vault is kept
public record VaultReference(
    String location,
    Path passphraseFile,
    @Nullable Path escrowOrNull,
    @Nullable CopyPolicy copyOrNull) {
  /// The copy of the passphrase that is kept elsewhere; empty where none is declared.
  public Optional<Path> escrow() {
    return Optional.ofNullable(escrowOrNull);
  }

  /// The second copy that is kept; empty where none is declared.
  public Optional<CopyPolicy> copy() {
    return Optional.ofNullable(copyOrNull);
  }

  /// The same vault, unlocked by what a file holds.
  public VaultReference unlockedBy(Path file) {
    return new VaultReference(location, file, escrowOrNull, copyOrNull);
  }
}
