package dev.chrysalis.cli.command;

import dev.chrysalis.cli.JobLine;
import dev.chrysalis.cli.Site;
import dev.chrysalis.engine.Holder;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.recovery.ProofAge;
import dev.chrysalis.recovery.Proving;
import dev.chrysalis.recovery.store.Store;
import dev.chrysalis.vault.proof.Proof;
import dev.chrysalis.vault.proof.Sample;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// The proofs that policy asks for. A proof may take hours, so it runs beside the loop of
/// `protect`, one at a time: no backup waits for it. One that could not be made is told, and tried
/// again an hour later.
final class ScheduledProofs {
  private static final int THREADS = 2;

  private final PrintStream out;
  private final PrintStream err;
  private final Clock clock;
  private final OneAtATime beside = new OneAtATime();
  private final ProofPace pace = new ProofPace();

  ScheduledProofs(PrintStream out, PrintStream err, Clock clock) {
    this.out = out;
    this.err = err;
    this.clock = clock;
  }

  /// Makes what is due, and returns when it is made.
  void now(Site site, Store store) {
    for (ProofAge age : site.recovery().proofAges(store.declared())) {
      if (age.due()) {
        prove(site, store, age.kind());
      }
    }
  }

  /// Starts what is due of all datastores, one after another, unless a proof runs.
  void beside(Site site) {
    List<? extends Store> stores =
        site.recovery().stores().stream()
            .filter(store -> store.declared().backup().prove().isPresent())
            .toList();
    if (!stores.isEmpty()) {
      beside.start("proofs", () -> stores.forEach(store -> next(site, store)));
    }
  }

  private void next(Site site, Store store) {
    try {
      for (ProofAge age : site.recovery().proofAges(store.declared())) {
        if (age.due() && pace.allows(store.declared().name(), age.kind(), clock.instant())) {
          try {
            prove(site, store, age.kind());
          } finally {
            pace.tried(store.declared().name(), age.kind(), clock.instant());
          }
        }
      }
    } catch (ChrysalisException e) {
      tell("not proved " + e.code() + ": " + e.getMessage());
    } catch (RuntimeException e) {
      // A fault of ours with one datastore: the others are to be proved all the same.
      tell("not proved " + store.declared().name() + ": " + e);
    }
  }

  private void prove(Site site, Store store, ProofAge.Kind kind) {
    try {
      Proof proof =
          switch (kind) {
            case VERIFIED -> verified(site, store);
            case RESTORED -> restored(site, store);
          };
      tell(
          "%s %s of %s: %s"
              .formatted(
                  proof.intact() ? "proved" : "PROOF FAILED",
                  proof.snapshot(),
                  store.declared().name(),
                  proof.level().word()));
    } catch (ChrysalisException e) {
      tell("not proved " + e.code() + ": " + e.getMessage());
    }
  }

  private Proof verified(Site site, Store store) {
    SecureRandom random = new SecureRandom();
    Proving proving = new Proving(site.vault(), store.declared(), clock, random);
    Sample all = new Sample(1, random.nextLong());
    return proving.proveNewest(all, THREADS, holder().person(), (_, _) -> {}).getLast();
  }

  private Proof restored(Site site, Store store) {
    return site.recovery()
        .trials()
        .prove(store, Optional.empty(), holder(), (_, _) -> {}, new JobLine(err, "proof"));
  }

  private static Holder holder() {
    return Holder.thisProcess("chrysalis protect");
  }

  private void tell(String line) {
    out.println(clock.instant() + " " + line);
    out.flush();
  }
}
