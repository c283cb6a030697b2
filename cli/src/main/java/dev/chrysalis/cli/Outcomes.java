package dev.chrysalis.cli;

import dev.chrysalis.engine.RunOutcome;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.recovery.Recovery;
import java.io.PrintStream;
import java.util.Locale;

/// How a run's outcome is told, and the exit code that it gives.
public final class Outcomes {
  private Outcomes() {}

  /// What `-o json` prints.
  private record Told(String run, String outcome, int exitCode) {}

  /// Tells the outcome as the person asked for it, on standard output; for people what to do next
  /// is on standard error.
  public static int tell(RunOutcome outcome, Output output, PrintStream out, PrintStream err) {
    int code = tell(outcome, output.wantsJson() ? err : out, err);
    print(outcome, code, output, out);
    return code;
  }

  /// Prints the outcome for machines where that was asked for.
  ///
  /// @param code the command's exit code
  public static void print(RunOutcome outcome, int code, Output output, PrintStream out) {
    if (output.wantsJson()) {
      String name = outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT);
      out.println(output.json(new Told(outcome.run(), name, code)));
    }
  }

  /// Has later forecasts learn from a run that succeeded. That fails no recovery: it is told.
  public static void learn(Recovery recovery, RunOutcome outcome, PrintStream err) {
    if (!(outcome instanceof RunOutcome.Succeeded succeeded)) {
      return;
    }
    try {
      recovery.learn(succeeded.run());
    } catch (ChrysalisException e) {
      err.println(
          "note: forecasts do not learn from this run: " + e.code() + ": " + e.getMessage());
    }
  }

  /// Tells the outcome to a person.
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
