package dev.chrysalis.cli;

import dev.chrysalis.lab.VaultMaker;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.VaultLocation;
import dev.chrysalis.vault.s3.Backends;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;

/// Makes a lab's vault, empty, for a passphrase that the lab drew.
final class LabVault implements VaultMaker {
  @Override
  public void make(VaultLocation location, Path passphraseFile) {
    try (Passphrase passphrase = Passphrase.ofFile(passphraseFile);
        Vault _ =
            VaultRepository.create(
                Backends.create(location),
                passphrase,
                new SecureRandom(),
                Clock.systemUTC(),
                VaultOptions.defaults(),
                VaultRepository.ITERATIONS_OF_RANDOM)) {
      // Made and closed again: the agents and the controller open it for themselves.
    }
  }
}
