package dev.chrysalis.cli.command;

import dev.chrysalis.cli.CliErrors;
import dev.chrysalis.cli.Columns;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.recovery.report.HtmlReport;
import dev.chrysalis.recovery.report.RunReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "report", description = "Shows what a run did, measured against its objectives.")
public final class ReportCommand implements Callable<Integer> {
  private final PrintStream out;
  @Mixin private SiteOptions options = new SiteOptions();
  @Mixin private Output output = new Output();

  @Parameters(paramLabel = "RUN")
  private String run = "";

  @Option(names = "--html", paramLabel = "FILE", description = "write it as a page")
  private @Nullable Path html;

  public ReportCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    try (Site site = options.open()) {
      RunReport report = site.recovery().report(run);
      Path file = html;
      if (file != null) {
        write(report, file);
        out.println("written: " + file.toAbsolutePath());
        return 0;
      }
      output.print(out, report, text(report));
      return 0;
    }
  }

  /// Writes the page, replacing an older one.
  static void write(RunReport report, Path file) {
    try {
      HtmlReport.write(report, file);
    } catch (IOException e) {
      throw new ChrysalisException(
          CliErrors.CANNOT_WRITE, "cannot write " + file, "name a file in a folder of yours", e);
    }
  }

  private static String text(RunReport r) {
    Columns facts =
        new Columns()
            .row("run", r.run())
            .row("scenario", r.scenario() + ": " + r.summary())
            .row("status", r.status())
            .row("took", "%.1f s, objective %.0f s".formatted(r.seconds(), r.objectiveSeconds()))
            .row("loss expected", r.expectedLoss());
    if (!r.statedLoss().isEmpty()) {
      facts.row("lost", r.statedLoss());
    }
    r.measured().forEach((name, value) -> facts.row(name, value));
    Columns steps = new Columns().row("STEP", "STATE", "TOOK", "EVIDENCE");
    r.steps()
        .forEach(s ->
            steps.row(
                s.title(),
                s.state(),
                "%.1f s".formatted(s.seconds()),
                s.trouble().isEmpty() ? s.evidence().toString() : s.trouble()));
    return facts + "\n" + steps;
  }
}
