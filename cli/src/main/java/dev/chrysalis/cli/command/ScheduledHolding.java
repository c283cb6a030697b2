package dev.chrysalis.cli.command;

import dev.chrysalis.cli.LockableVault;
import dev.chrysalis.cli.Site;
import dev.chrysalis.engine.Holder;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.VaultReference;
import dev.chrysalis.recovery.Holding;
import dev.chrysalis.vault.backend.ObjectLock;
import dev.chrysalis.vault.lock.LockKeeper;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Rounds that hold what restores need, where the vault's location declares a lock. The first one
/// of a large vault takes long, so that it is made beside the loop of `protect`. One that failed is
/// told, and begun again an hour later.
final class ScheduledHolding {
  private static final Duration AGAIN = Duration.ofHours(1);

  private final PrintStream out;
  private final OneAtATime beside = new OneAtATime();
  private volatile Instant notBefore = Instant.MIN;

  ScheduledHolding(PrintStream out) {
    this.out = out;
  }

  /// Starts a round that is due, unless one runs.
  void beside(Site site) {
    if (mayLook(site)) {
      beside.start("holding", () -> now(site));
    }
  }

  /// Makes a round that is due, and returns when it is made.
  void now(Site site) {
    if (!mayLook(site)) {
      return;
    }
    notBefore = Instant.now().plus(AGAIN);
    VaultReference reference = site.stack().vault();
    try {
      ObjectLock lock = LockableVault.declared(reference).orElseThrow();
      Optional<Instant> next =
          Holding.lastRound(site.stack().name(), site.vault().records())
              .map(last -> last.plus(Holding.every(lock)));
      if (next.filter(Instant.now()::isBefore).isPresent()) {
        return;
      }
      try (LockableVault vault = LockableVault.open(reference)) {
        Holder holder = Holder.thisProcess("chrysalis protect");
        tell(summary(vault.round(site, holder, (_, _) -> {})));
      }
    } catch (ChrysalisException e) {
      tell("not held " + e.code() + ": " + e.getMessage());
    }
  }

  private boolean mayLook(Site site) {
    return !Instant.now().isBefore(notBefore)
        && LockableVault.declared(site.stack().vault()).isPresent();
  }

  static String summary(LockKeeper.Held held) {
    String text =
        "held %d objects, %d of them for longer than before"
            .formatted(held.objects(), held.extended());
    if (held.missing() > 0) {
      text += "; %d are missing: chrysalis prove says what that breaks".formatted(held.missing());
    }
    if (held.unread() > 0) {
      text +=
          "; %d SNAPSHOTS CANNOT BE READ, so that nobody knows what they need"
              .formatted(held.unread());
    }
    return text;
  }

  private void tell(String line) {
    out.println(Instant.now() + " " + line);
    out.flush();
  }
}
