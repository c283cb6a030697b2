package dev.chrysalis.cli;

import dev.chrysalis.engine.RunOutcome;
import dev.chrysalis.model.Category;
import java.io.PrintStream;

/// How a run's outcome is told, and the exit code that it gives.
public final class Outcomes {
  private Outcomes() {}

  public static int tell(RunOutcome outcome, PrintStream out, PrintStream err) {
    String run = outcome.run();
    return switch (outcome) {
      case RunOutcome.Succeeded _ -> {
        out.println("Recovered and verified. Report: chrysalis report " + run);
        yield 0;
      }
      case RunOutcome.Waiting w -> {
        w.awaitingApproval()
            .forEach(s -> err.println("waits for: chrysalis approve " + run + " " + s));
        w.unknown()
            .forEach(s ->
                err.println(
                    "nobody knows whether "
                        + s
                        + " happened: look, then chrysalis approve "
                        + run
                        + " "
                        + s
                        + " --happened (or --did-not-happen)"));
        err.println("then: chrysalis resume " + run);
        yield Category.REFUSED.exitCode();
      }
      case RunOutcome.Failed f -> {
        err.println("error CHR-2003: " + f.message());
        err.println("hint: " + f.hint());
        yield Category.STEP.exitCode();
      }
      case RunOutcome.Aborted a -> {
        out.println("Aborted. " + a.message());
        yield 0;
      }
      case RunOutcome.AbortLeftToOther a -> {
        out.println("The abort is asked for. " + a.message());
        yield 0;
      }
    };
  }
}
