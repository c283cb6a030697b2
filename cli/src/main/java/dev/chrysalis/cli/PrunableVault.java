package dev.chrysalis.cli;

import dev.chrysalis.engine.Leases;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.VaultReference;
import dev.chrysalis.recovery.Pruning;
import dev.chrysalis.recovery.SpentRecords;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.ErasingBackend;
import dev.chrysalis.vault.backend.VaultLocation;
import dev.chrysalis.vault.s3.Backends;
import java.time.Clock;

/// A site's vault opened once more, with the right to delete, for as long as a prune takes.
public record PrunableVault(VaultRepository vault, ErasingBackend eraser) implements AutoCloseable {
  public static PrunableVault open(VaultReference reference) {
    ErasingBackend backend = Backends.openErasing(VaultLocation.parse(reference.location()));
    try (Passphrase passphrase = Passphrase.ofFile(reference.passphraseFile())) {
      return new PrunableVault(
          VaultRepository.open(backend, passphrase, Clock.systemUTC()), backend);
    } catch (ChrysalisException e) {
      backend.close();
      throw e;
    }
  }

  /// Prunes the site's stack.
  public Pruning pruning(Site site) {
    Leases leases = site.recovery().leases();
    return new Pruning(
        site.stack().name(),
        vault,
        vault.pruner(eraser),
        leases,
        new SpentRecords(vault, leases, eraser),
        Clock.systemUTC());
  }

  @Override
  public void close() {
    vault.close();
  }
}
