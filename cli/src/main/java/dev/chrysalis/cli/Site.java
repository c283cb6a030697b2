package dev.chrysalis.cli;

import dev.chrysalis.engine.Surroundings;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.PlatformReference;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.VaultReference;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.process.ProcessPlatform;
import dev.chrysalis.recovery.Recovery;
import dev.chrysalis.recovery.StoresInVault;
import dev.chrysalis.recovery.UnreadableVault;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.VaultLocation;
import dev.chrysalis.vault.s3.Backends;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/// A stack with everything opened that its file names.
///
/// @param opened the vault, or the error of its opening
/// @param closeVault closes the vault, where it was opened
public record Site(
    Stack stack, Platform platform, Recovery recovery, Supplier<Vault> opened, Runnable closeVault)
    implements AutoCloseable {
  /// Opens the vault and the platform.
  public static Site open(Stack stack) {
    Vault vault = vault(stack.vault());
    try {
      return withVault(stack, vault);
    } catch (RuntimeException e) {
      vault.close();
      throw e;
    }
  }

  /// Opens the platform, and the vault where that is possible: what is broken must be told also
  /// while the vault is away. What needs the vault then fails with the error of its opening.
  public static Site look(Stack stack) {
    Vault vault;
    try {
      vault = vault(stack.vault());
    } catch (ChrysalisException e) {
      if (e.code().category() == Category.INTERRUPTED) {
        throw e;
      }
      UnreadableVault none = new UnreadableVault(e);
      Supplier<Vault> never =
          () -> {
            throw e;
          };
      return of(stack, none, none, Surroundings.system(), never, () -> {});
    }
    return withVault(stack, vault);
  }

  private static Site withVault(Stack stack, Vault vault) {
    Surroundings surroundings = Surroundings.system();
    StoresInVault stores = new OpenedVault(vault, surroundings.clock());
    return of(stack, vault.records(), stores, surroundings, () -> vault, vault::close);
  }

  private static Site of(
      Stack stack,
      RecordStore records,
      StoresInVault stores,
      Surroundings surroundings,
      Supplier<Vault> opened,
      Runnable closeVault) {
    refuseTwins(stack);
    Platform platform = platform(stack.platform());
    Recovery recovery = new Recovery(stack, platform, records, stores, surroundings);
    return new Site(stack, platform, recovery, opened, closeVault);
  }

  /// The vault itself; throws the error of its opening where it was only looked for.
  public Vault vault() {
    return opened.get();
  }

  /// Opens a vault. To be closed by the caller.
  public static Vault vault(VaultReference reference) {
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

  /// Two of one kind would do with each other's steps.
  private static void refuseTwins(Stack stack) {
    Set<Class<?>> kinds = new HashSet<>();
    for (Datastore store : stack.datastores().values()) {
      if (!kinds.add(store.kind().getClass())) {
        throw new ChrysalisException(
            CliErrors.NO_SUCH_DATASTORE,
            "the stack file declares two datastores of one kind; the second is " + store.name(),
            "this version recovers one datastore of each kind: write a stack file each");
      }
    }
  }

  @Override
  public void close() {
    recovery.close();
    closeVault.run();
    platform.close();
  }
}
