package dev.chrysalis.cli.command;

import dev.chrysalis.cli.Columns;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.recovery.checklist.Check;
import dev.chrysalis.recovery.checklist.Checklist;
import dev.chrysalis.recovery.checklist.Look;
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
      return verify(site);
    }
  }

  int verify(Site site) {
    Checklist checklist = site.recovery().checklist();
    Look look = checklist.go();
    output.print(out, look.checks(), text(look.checks()));
    keep(checklist, look);
    if (!look.failed()) {
      remember(site);
    }
    return look.failed() ? Category.VERIFICATION.exitCode() : 0;
  }

  private static String text(List<Check> checks) {
    Columns columns = new Columns();
    checks.forEach(c -> columns.row(box(c), c.title(), c.evidence()));
    return columns.toString();
  }

  /// Whether the vault can be written to is none of the boxes: that it is not is told.
  private void keep(Checklist checklist, Look look) {
    try {
      checklist.keep(look);
    } catch (ChrysalisException e) {
      err.println(
          "note: later looks do not compare with this one: " + e.code() + ": " + e.getMessage());
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
