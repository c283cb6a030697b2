package dev.chrysalis.cli.command;

import dev.chrysalis.cli.NewVault;
import dev.chrysalis.cli.Site;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.recovery.VaultCopies;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.VaultLocation;
import dev.chrysalis.vault.copy.CopyCheck;
import dev.chrysalis.vault.copy.VaultCopy;
import dev.chrysalis.vault.proof.Sample;
import dev.chrysalis.vault.s3.Backends;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Rounds that bring the vault's copy up to date, where one is declared, and compare a little of
/// it. The first one of a large vault takes long, so that it is made beside the loop of `protect`.
/// One that failed is told, and begun again some minutes later.
final class ScheduledCopies {
  private static final Duration AGAIN = Duration.ofMinutes(5);
  private static final int THREADS = 4;

  /// Of the bytes, each round: keys and sizes are all compared.
  private static final double SAMPLE = 0.001;

  private final PrintStream out;
  private final OneAtATime beside = new OneAtATime();
  private volatile Instant notBefore = Instant.MIN;

  ScheduledCopies(PrintStream out) {
    this.out = out;
  }

  /// Starts a round that is due, unless one runs.
  void beside(Site site) {
    if (mayLook(site)) {
      beside.start("copy", () -> now(site));
    }
  }

  /// Makes a round that is due, and returns when it is made.
  void now(Site site) {
    Optional<VaultCopies> copies = site.recovery().copies();
    if (copies.isEmpty() || !mayLook(site)) {
      return;
    }
    notBefore = Instant.now().plus(AGAIN);
    try {
      Instant begun = Instant.now();
      if (copies.get().next().filter(begun::isBefore).isEmpty()) {
        copy(site, copies.get(), begun);
      }
    } catch (ChrysalisException e) {
      tell("not copied " + e.code() + ": " + e.getMessage());
    }
  }

  private void copy(Site site, VaultCopies copies, Instant begun) {
    VaultLocation target = VaultLocation.parse(copies.policy().location());
    NewVault.requireLocking(target);
    try (Backend from = Backends.open(VaultLocation.parse(site.stack().vault().location()));
        Backend to = Backends.create(target)) {
      VaultCopy.Copied copied = new VaultCopy(from, to, THREADS).run((_, _) -> {});
      NewVault.requireHeld(target);
      CopyCheck.Compared compared =
          new CopyCheck(from, to, THREADS).run(new Sample(SAMPLE, new SecureRandom().nextLong()));
      if (compared.same()) {
        copies.keep(begun, copied.toString());
        tell("copied %d objects to %s".formatted(copied.objects(), target));
      } else {
        tell(
            "COPY DIFFERS in %d objects: chrysalis vault check-copy --to %s"
                .formatted(compared.differences(), target));
      }
    }
  }

  private boolean mayLook(Site site) {
    return site.stack().vault().copy().isPresent() && !Instant.now().isBefore(notBefore);
  }

  private void tell(String line) {
    out.println(Instant.now() + " " + line);
    out.flush();
  }
}
