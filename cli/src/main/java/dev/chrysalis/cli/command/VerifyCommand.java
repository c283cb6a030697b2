package dev.chrysalis.cli.command;

import dev.chrysalis.cli.Columns;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.recovery.checklist.Check;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "verify", description = "Goes through the verification checklist, with evidence.")
public final class VerifyCommand implements Callable<Integer> {
  private final PrintStream out;
  private final PrintStream err;
  @Mixin private SiteOptions options = new SiteOptions();
  @Mixin private Output output = new Output();

  public VerifyCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    try (Site site = options.look()) {
      List<Check> checks = site.recovery().checklist().go();
      Columns columns = new Columns();
      checks.forEach(c -> columns.row(box(c), c.title(), c.evidence()));
      output.print(out, checks, columns.toString());
      remember(site);
      boolean failed = checks.stream().anyMatch(c -> c.verdict() == Check.Verdict.FAILED);
      return failed ? Category.VERIFICATION.exitCode() : 0;
    }
  }

  /// Whether the vault can be written to is none of the boxes: that it is not is told.
  private void remember(Site site) {
    try {
      site.recovery().sightings().look();
    } catch (ChrysalisException e) {
      err.println(
          "note: not kept how many replicas services have: " + e.code() + ": " + e.getMessage());
    }
  }

  private static String box(Check check) {
    return switch (check.verdict()) {
      case PASSED -> "[x]";
      case FAILED -> "[ ] FAILED";
      case UNKNOWN -> "[?] unknown";
    };
  }
}
