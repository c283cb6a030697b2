package dev.chrysalis.cli;

import dev.chrysalis.engine.Surroundings;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.PlatformReference;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.VaultReference;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.process.ProcessPlatform;
import dev.chrysalis.postgres.archive.PostgresInVault;
import dev.chrysalis.recovery.Recovery;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.VaultLocation;
import dev.chrysalis.vault.s3.Backends;
import java.time.Clock;

/// A stack with everything opened that its file names.
public record Site(Stack stack, Platform platform, Vault vault, Recovery recovery)
    implements AutoCloseable {

  /// Opens the vault and the platform.
  public static Site open(Stack stack) {
    Surroundings surroundings = Surroundings.system();
    Vault vault = vault(stack.vault());
    Platform platform = platform(stack.platform());
    String store = datastore(stack).name();
    Recovery recovery =
        new Recovery(
            stack,
            platform,
            vault.records(),
            new PostgresInVault(vault, store, surroundings.clock()),
            surroundings);
    return new Site(stack, platform, vault, recovery);
  }

  private static Vault vault(VaultReference reference) {
    Backend backend = Backends.open(VaultLocation.parse(reference.location()));
    try (Passphrase passphrase = Passphrase.ofFile(reference.passphraseFile())) {
      return VaultRepository.open(backend, passphrase, Clock.systemUTC());
    } catch (ChrysalisException e) {
      backend.close();
      throw e;
    }
  }

  private static Platform platform(PlatformReference reference) {
    return switch (reference) {
      case PlatformReference.Processes processes -> new ProcessPlatform(processes.directory());
    };
  }

  private static Datastore datastore(Stack stack) {
    if (stack.datastores().size() != 1) {
      throw new ChrysalisException(
          CliErrors.NO_SUCH_DATASTORE,
          "the stack file declares " + stack.datastores().size() + " datastores",
          "this version recovers exactly one PostgreSQL datastore");
    }
    return stack.datastores().values().iterator().next();
  }

  @Override
  public void close() {
    recovery.close();
    vault.close();
    platform.close();
  }
}
