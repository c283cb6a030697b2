package dev.chrysalis.cli;

import dev.chrysalis.engine.Holder;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.VaultReference;
import dev.chrysalis.recovery.Holding;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.ObjectLock;
import dev.chrysalis.vault.backend.ObjectLocks;
import dev.chrysalis.vault.backend.VaultLocation;
import dev.chrysalis.vault.lock.LockKeeper;
import dev.chrysalis.vault.s3.Backends;
import java.time.Clock;
import java.util.Optional;

/// A site's vault opened once more, with the right to hold its objects, for one round.
public record LockableVault(VaultRepository vault, ObjectLocks locks) implements AutoCloseable {
  /// The lock that a vault's location declares; empty where it declares none.
  public static Optional<ObjectLock> declared(VaultReference reference) {
    return switch (VaultLocation.parse(reference.location())) {
      case VaultLocation.InDirectory _ -> Optional.empty();
      case VaultLocation.InS3 bucket -> bucket.lock();
    };
  }

  /// Opens a vault; `CANNOT_LOCK` where its location declares no lock.
  public static LockableVault open(VaultReference reference) {
    VaultLocation location = VaultLocation.parse(reference.location());
    ObjectLocks locks =
        Backends.locks(location)
            .filter(opened -> opened.declared().isPresent())
            .orElseThrow(() ->
                new ChrysalisException(
                    VaultErrors.CANNOT_LOCK,
                    "the vault's location declares no lock: " + location,
                    "add lock=compliance:30d to vault.location of the stack file, and to"
                        + " CHRYSALIS_VAULT of the agents; only a bucket of S3 can lock"));
    Backend backend = Backends.open(location);
    try (Passphrase passphrase = Passphrase.ofFile(reference.passphraseFile())) {
      return new LockableVault(VaultRepository.open(backend, passphrase, Clock.systemUTC()), locks);
    } catch (ChrysalisException e) {
      backend.close();
      locks.close();
      throw e;
    }
  }

  /// Makes one round over the site's stack.
  public LockKeeper.Held round(Site site, Holder holder, LockKeeper.Progress progress) {
    return new Holding(
            site.stack(),
            vault,
            vault.lockKeeper(locks),
            site.recovery().leases(),
            Clock.systemUTC())
        .round(holder, progress);
  }

  @Override
  public void close() {
    vault.close();
    locks.close();
  }
}
