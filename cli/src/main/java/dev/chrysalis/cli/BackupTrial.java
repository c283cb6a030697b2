package dev.chrysalis.cli;

import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.RunOutcome;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.control.ProtectAgain;
import dev.chrysalis.recovery.RestoreAim;
import dev.chrysalis.vault.proof.Proof;
import java.io.PrintStream;
import picocli.CommandLine.Option;

/// Tests the backup that a recovery took at its end: restores it beside the living database, asks
/// it, and keeps the result as the restore point's proof. The recovery is over by then; where the
/// test cannot be made that is told, and takes nothing back.
public final class BackupTrial {
  @Option(
      names = "--no-proof",
      description = "do not restore the fresh backup beside the database afterwards to test it")
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
      return backsUp(site, outcome.run()) ? tried(site, code, out, err) : code;
    } catch (ChrysalisException e) {
      return untried(e.code() + ": " + e.getMessage(), code, err);
    } catch (RuntimeException e) {
      // Whatever it is, it is no reason to call a recovery failed that is done and verified.
      return untried(e.toString(), code, err);
    }
  }

  private static int tried(Site site, int code, PrintStream out, PrintStream err) {
    out.println("Testing the fresh backup: restored beside the database, asked, and removed");
    Proof proof = prove(site, err);
    (proof.intact() ? out : err).print(ProofText.restored(proof));
    return proof.intact() ? code : Category.DAMAGED.exitCode();
  }

  private static int untried(String why, int code, PrintStream err) {
    err.println("note: the fresh backup was not tested: " + why);
    err.println("hint: the recovery itself is done; test it later: chrysalis prove --restore");
    return code;
  }

  private static boolean backsUp(Site site, String run) {
    Plan plan = site.recovery().runs().load(site.stack().name(), run).state().plan();
    return plan.steps().stream().anyMatch(step -> step.action().equals(ProtectAgain.NAME));
  }

  private static Proof prove(Site site, PrintStream err) {
    return site.recovery()
        .proofByRestore(site.recovery().datastores().getFirst())
        .prove(
            RestoreAim.of(new RestoreGoal.Latest()),
            Holder.thisProcess("chrysalis recover"),
            TargetOptions.reading(err),
            new JobLine(err, "proof"));
  }
}
