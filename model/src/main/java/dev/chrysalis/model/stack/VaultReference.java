package dev.chrysalis.model.stack;

import java.nio.file.Path;

/// Where the vault is and where its passphrase is read from; the passphrase itself never stands in
/// the stack file.
public record VaultReference(String location, Path passphraseFile) {}
