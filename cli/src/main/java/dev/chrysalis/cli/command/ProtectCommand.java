package dev.chrysalis.cli.command;

import dev.chrysalis.cli.JobLine;
import dev.chrysalis.cli.PrunableVault;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.Lease;
import dev.chrysalis.engine.Ticker;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.KeepPolicy;
import dev.chrysalis.platform.Aside;
import dev.chrysalis.recovery.Asides;
import dev.chrysalis.recovery.ProtectionView;
import dev.chrysalis.recovery.Pruning;
import dev.chrysalis.recovery.store.Store;
import dev.chrysalis.recovery.store.StoreProtection.Window;
import dev.chrysalis.vault.prune.Pruned;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "protect",
    description = {
      "Keeps the stack protected: takes backups and proves that they restore when policy asks for",
      "it, prunes, extends the locks of what restores need, keeps the vault's copy, and says when the",
      "recovery point falls behind. Agents ship the log."
    })
public final class ProtectCommand implements Callable<Integer> {
  private static final Duration PACE = Duration.ofSeconds(10);
  private static final Duration BACK_UP_AGAIN = Duration.ofHours(1);
  private static final Duration PRUNE_EVERY = Duration.ofDays(1);
  private static final Duration PRUNE_AGAIN = Duration.ofHours(1);

  private final PrintStream out;
  private final PrintStream err;
  @Mixin private SiteOptions options = new SiteOptions();

  @Option(names = "--once", description = "do what is due now, then stop")
  private boolean once;

  private final Map<String, Instant> taken = new HashMap<>();
  private Instant nextPrune = Instant.MIN;

  public ProtectCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (Site site = options.open()) {
      Ticker ticker = Ticker.system();
      ScheduledProofs proofs = new ScheduledProofs(out, err, Clock.systemUTC());
      ScheduledHolding holding = new ScheduledHolding(out);
      ScheduledCopies copies = new ScheduledCopies(out);
      ScheduledLooks looks = new ScheduledLooks(out);
      ScheduledSightings sightings = new ScheduledSightings(out, site.recovery().sightings());
      String told = "";
      while (true) {
        told = look(site, told);
        site.recovery().stores().forEach(store -> prune(site, store.declared()));
        if (once) {
          holding.now(site);
          copies.now(site);
          looks.now(site);
          sightings.once();
          site.recovery().stores().forEach(store -> proofs.now(site, store));
          return 0;
        }
        holding.beside(site);
        copies.beside(site);
        looks.beside(site);
        sightings.beside();
        proofs.beside(site);
        ticker.pause(PACE);
      }
    }
  }

  /// A fault of this round is told and tried again in the next: protection must not end by itself.
  private String look(Site site, String told) {
    try {
      for (Store store : site.recovery().stores()) {
        if (due(store) && !wasTaken(store)) {
          Map<String, String> backup =
              site.recovery()
                  .backups()
                  .take(
                      store,
                      Holder.thisProcess("chrysalis protect"),
                      new JobLine(err, store.declared().name()));
          taken.put(store.declared().name(), Instant.now());
          out.println(Instant.now() + " backup " + backup);
        }
      }
      ProtectionView view = site.recovery().protection().look();
      dropExpired(site, view);
      return tell(told, view.faults().toString());
    } catch (ChrysalisException e) {
      return tell(told, e.code() + ": " + e.getMessage());
    }
  }

  /// One may not count as the newest, as that of a ring that came up as another one: it is not
  /// taken again in each round.
  private boolean wasTaken(Store store) {
    Duration every = store.declared().backup().every();
    Duration pause = every.compareTo(BACK_UP_AGAIN) < 0 ? every : BACK_UP_AGAIN;
    Instant last = taken.getOrDefault(store.declared().name(), Instant.MIN);
    return last.plus(pause).isAfter(Instant.now());
  }

  /// While somebody else holds the lease, what is old waits for another round.
  private void dropExpired(Site site, ProtectionView view) {
    Optional<Instant> everything = view instanceof ProtectionView.Seen s ? s.snapshots() : none();
    if (everything.isEmpty()) {
      return;
    }
    Asides asides = site.recovery().asides();
    Instant snapshot = everything.get();
    if (asides.expired(snapshot).isEmpty()) {
      return;
    }
    Holder holder = Holder.thisProcess("chrysalis protect");
    try (Lease lease =
        site.recovery().leases().acquire(site.stack().name(), holder, Duration.ZERO)) {
      // Looked at again, since what was seen before the lease may have changed.
      List<Aside> expired = asides.expired(snapshot);
      asides.drop(lease.token(), expired);
      expired.forEach(
          a -> out.println(Instant.now() + " removed " + a.name() + " of " + a.member()));
    } catch (ChrysalisException e) {
      if (e.code().category() != Category.LEASE) {
        throw e;
      }
    }
  }

  /// Prunes once a day where policy says what to keep. A prune that fails is told, and tried again
  /// an hour later: protection does not depend on it.
  private void prune(Site site, Datastore store) {
    Optional<KeepPolicy> policy = store.backup().keep();
    if (policy.isEmpty() || Instant.now().isBefore(nextPrune)) {
      return;
    }
    nextPrune = Instant.now().plus(PRUNE_AGAIN);
    try (PrunableVault vault = PrunableVault.open(site.stack().vault())) {
      Pruning pruning = vault.pruning(site);
      Optional<Instant> next = pruning.lastRun(store).map(last -> last.plus(PRUNE_EVERY));
      if (next.filter(Instant.now()::isBefore).isPresent()) {
        return;
      }
      Pruning.Decision decision = pruning.decide(store, policy.get());
      Holder holder = Holder.thisProcess("chrysalis protect");
      Pruned pruned = pruning.run(store, policy.get(), decision, holder, _ -> false);
      out.print(Instant.now() + " pruned " + PruneCommand.summary(pruned));
    } catch (ChrysalisException e) {
      out.println(Instant.now() + " not pruned " + e.code() + ": " + e.getMessage());
    }
    out.flush();
  }

  private String tell(String before, String now) {
    if (!now.equals(before)) {
      out.println(Instant.now() + (now.equals("[]") ? " protected" : " FAULT " + now));
      out.flush();
    }
    return now;
  }

  private static Optional<Instant> none() {
    return Optional.empty();
  }

  private static boolean due(Store store) {
    Optional<Duration> age =
        store.protection().newest().map(Window::at).map(at -> Duration.between(at, Instant.now()));
    return age.isEmpty() || age.get().compareTo(store.declared().backup().every()) >= 0;
  }
}
