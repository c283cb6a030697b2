package dev.chrysalis.cli.command;

import dev.chrysalis.cli.Outcomes;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.RunOptions;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.cli.ToldRun;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "abort",
    description = "Ends a run and gives back what it had set aside; not past a point of no return.")
public final class AbortCommand implements Callable<Integer> {
  private final PrintStream out;
  private final PrintStream err;
  @Mixin private SiteOptions options = new SiteOptions();
  @Mixin private RunOptions run = new RunOptions();
  @Mixin private Output output = new Output();

  @Parameters(paramLabel = "RUN")
  private String asked = "";

  public AbortCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    try (Site site = options.open();
        ToldRun people = new ToldRun(site, err)) {
      return Outcomes.tell(
          site.recovery()
              .runner(
                  people.with(
                      run.settings("chrysalis abort " + asked, output.wantsJson() ? err : out)))
              .abort(site.stack().name(), asked),
          output,
          out,
          err);
    }
  }
}
