package dev.chrysalis.cli;

import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.RunOutcome;
import dev.chrysalis.engine.Step;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.recovery.store.Store;
import dev.chrysalis.vault.proof.Proof;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/// Tests the backups that a recovery took at its end: restores each beside the living datastore,
/// asks it, and keeps the result as the restore point's proof. The recovery is over by then; where
/// the test cannot be made that is told, and takes nothing back.
public final class BackupTrial {
  @Option(
      names = "--no-proof",
      description = "do not restore the fresh backup beside the datastore afterwards to test it")
  private boolean leftOut;

  /// Tests it after a run that succeeded and took a backup; other plans leave the backups as they
  /// were.
  ///
  /// @param code the run's exit code
  /// @return that, or the code for damage where the backup does not restore
  public int after(Site site, RunOutcome outcome, int code, PrintStream out, PrintStream err) {
    if (leftOut || !(outcome instanceof RunOutcome.Succeeded)) {
      return code;
    }
    try {
      int worst = code;
      for (Store store : backedUp(site, outcome.run())) {
        worst = Math.max(worst, tried(site, store, code, out, err));
      }
      return worst;
    } catch (ChrysalisException e) {
      return untried(e.code() + ": " + e.getMessage(), code, err);
    } catch (RuntimeException e) {
      // Whatever it is, it is no reason to call a recovery failed that is done and verified.
      return untried(e.toString(), code, err);
    }
  }

  private static int tried(Site site, Store store, int code, PrintStream out, PrintStream err) {
    out.println(
        "Testing the fresh backup of "
            + store.declared().name()
            + ": restored beside it, asked, and removed");
    Proof proof =
        site.recovery()
            .trials()
            .prove(
                store,
                Optional.empty(),
                Holder.thisProcess("chrysalis recover"),
                TargetOptions.reading(err),
                new JobLine(err, "proof"));
    (proof.intact() ? out : err).print(ProofText.restored(proof));
    return proof.intact() ? code : Category.DAMAGED.exitCode();
  }

  private static int untried(String why, int code, PrintStream err) {
    err.println("note: the fresh backup was not tested: " + why);
    err.println("hint: the recovery itself is done; test it later: chrysalis prove --restore");
    return code;
  }

  /// The datastores that a run took a backup of.
  private static List<Store> backedUp(Site site, String run) {
    Plan plan = site.recovery().runs().load(site.stack().name(), run).state().plan();
    Set<String> actions = plan.steps().stream().map(Step::action).collect(Collectors.toSet());
    return site.recovery().stores().stream()
        .filter(store -> backup(store.declared().kind()).filter(actions::contains).isPresent())
        .toList();
  }

  /// The action that takes a backup which is tried at once. A ring's is not: all of its data would
  /// be read once more beside a node that serves again; policy says when (`chrysalis protect`).
  private static Optional<String> backup(Datastore.Kind kind) {
    return switch (kind) {
      case Datastore.Kind.PostgreSql _ ->
          Optional.of(dev.chrysalis.postgres.control.ProtectAgain.NAME);
      case Datastore.Kind.Redis _ -> Optional.of(dev.chrysalis.redis.control.ProtectAgain.NAME);
      case Datastore.Kind.Cassandra _ -> Optional.empty();
    };
  }
}
