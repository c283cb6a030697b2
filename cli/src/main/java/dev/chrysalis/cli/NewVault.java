package dev.chrysalis.cli;

import dev.chrysalis.lab.VaultMaker;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.ObjectLocks;
import dev.chrysalis.vault.backend.VaultLocation;
import dev.chrysalis.vault.lock.LockProof;
import dev.chrysalis.vault.s3.Backends;
import dev.chrysalis.vault.seal.VaultConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;

/// Makes vaults, empty.
public final class NewVault implements VaultMaker {
  private static final int PASSPHRASE_BYTES = 24;

  private final SecureRandom random = new SecureRandom();

  /// Makes a vault for the passphrase in a file; where there is no such file, draws a passphrase at
  /// random and writes it there, for nobody else to read.
  ///
  /// @return whether the passphrase was drawn
  public boolean create(VaultLocation location, Path passphraseFile) {
    requireLocking(location);
    boolean drawn = !Files.exists(passphraseFile);
    if (drawn) {
      refuseExisting(location);
      draw(passphraseFile);
    }
    create(
        location,
        passphraseFile,
        drawn ? VaultRepository.ITERATIONS_OF_RANDOM : VaultRepository.ITERATIONS);
    requireHeld(location);
    return drawn;
  }

  /// `CANNOT_LOCK` where a place cannot do what its location declares.
  public static void requireLocking(VaultLocation location) {
    withLocks(location, LockProof::requireLocking);
  }

  /// `NOT_HELD` where a place took an object and does not hold it as its location declares.
  public static void requireHeld(VaultLocation location) {
    withLocks(location, LockProof::firstObject);
  }

  private static void withLocks(VaultLocation location, Consumer<ObjectLocks> proof) {
    Optional<ObjectLocks> found = Backends.locks(location);
    if (found.isPresent()) {
      try (ObjectLocks locks = found.get()) {
        proof.accept(locks);
      }
    }
  }

  /// A passphrase that was drawn for a vault which is there already would open nothing.
  private static void refuseExisting(VaultLocation location) {
    try (Backend backend = Backends.create(location)) {
      if (backend.size(VaultConfig.KEY).isPresent()) {
        throw new ChrysalisException(
            VaultErrors.VAULT_EXISTS,
            "there is a vault at " + location + " already, and no passphrase for it",
            "bring the passphrase's file back from where its copy is kept");
      }
    }
  }

  /// For a passphrase that a lab drew.
  @Override
  public void make(VaultLocation location, Path passphraseFile) {
    create(location, passphraseFile, VaultRepository.ITERATIONS_OF_RANDOM);
  }

  private void create(VaultLocation location, Path passphraseFile, int iterations) {
    try (Passphrase passphrase = Passphrase.ofFile(passphraseFile);
        Vault _ =
            VaultRepository.create(
                Backends.create(location),
                passphrase,
                random,
                Clock.systemUTC(),
                VaultOptions.defaults(),
                iterations)) {
      // Made and closed again: the agents and the controller open it for themselves.
    }
  }

  private void draw(Path file) {
    byte[] bytes = new byte[PASSPHRASE_BYTES];
    random.nextBytes(bytes);
    String line = HexFormat.of().formatHex(bytes) + "\n";
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(file, line.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new ChrysalisException(
          CliErrors.CANNOT_WRITE,
          "the passphrase file " + file + " cannot be written: " + e.getMessage(),
          "make its folder, or name another file in the stack file's vault.passphraseFile",
          e);
    }
  }
}
