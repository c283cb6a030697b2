package dev.chrysalis.cli.command;

import dev.chrysalis.cli.Columns;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.model.Finding;
import dev.chrysalis.recovery.Assessment;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "assess", description = "Says what is broken, with evidence. Changes nothing.")
public final class AssessCommand implements Callable<Integer> {
  private final PrintStream out;
  @Mixin private SiteOptions options = new SiteOptions();
  @Mixin private Output output = new Output();

  public AssessCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    try (Site site = options.look()) {
      Assessment found = site.recovery().assess();
      output.print(out, found, text(found));
      return 0;
    }
  }

  static String text(Assessment found) {
    if (found.findings().isEmpty()) {
      return "All is well: nothing to recover.\n";
    }
    Columns columns = new Columns();
    for (Finding f : found.findings()) {
      columns.row(f.severity().toString(), f.kind(), f.text(), f.evidence().toString());
    }
    String next =
        found.allWell()
            ? ""
            : "\nscenario: " + found.scenario() + "   next: chrysalis plan, chrysalis recover\n";
    return columns + next;
  }
}
