package dev.chrysalis.cli.command;

import dev.chrysalis.cli.Columns;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.ReportFiles;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.recovery.aftermath.PostMortem;
import dev.chrysalis.recovery.aftermath.ReviewInvite;
import dev.chrysalis.recovery.report.HtmlReport;
import dev.chrysalis.recovery.report.RunReport;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "report", description = "Shows what a run did, measured against its objectives.")
public final class ReportCommand implements Callable<Integer> {
  private static final Path PRINTED = Path.of("-");

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

  @Option(
      names = "--post-mortem",
      arity = "0..1",
      fallbackValue = "-",
      paramLabel = "FILE",
      description = "write the post-mortem as Markdown (without FILE: print it)")
  private @Nullable Path postMortem;

  @Option(
      names = "--review",
      paramLabel = "FILE",
      description = "write the review, inside 48 hours of the end, for a calendar (.ics)")
  private @Nullable Path review;

  @Override
  public Integer call() {
    try (Site site = options.open()) {
      RunReport report = site.recovery().report(run);
      boolean wrote = write(html, () -> HtmlReport.of(report));
      wrote |= write(postMortem, () -> PostMortem.of(report));
      wrote |= write(review, () -> ReviewInvite.of(report));
      if (!wrote) {
        output.print(out, report, text(report));
      }
      return 0;
    }
  }

  private boolean write(@Nullable Path file, Supplier<String> text) {
    if (file == null) {
      return false;
    }
    if (file.equals(PRINTED)) {
      out.print(text.get());
    } else {
      ReportFiles.write(file, text.get());
      out.println("written: " + file.toAbsolutePath());
    }
    return true;
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
    Columns changes = new Columns();
    r.deviations().forEach(d -> changes.row("to change", d.change()));
    return facts + "\n" + steps + (r.deviations().isEmpty() ? "" : "\n" + changes);
  }
}
