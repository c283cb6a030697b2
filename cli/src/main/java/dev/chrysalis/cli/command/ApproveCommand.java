package dev.chrysalis.cli.command;

import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.engine.Holder;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "approve",
    description = "Approves a step that waits, or says whether a step of unknown outcome happened.")
public final class ApproveCommand implements Callable<Integer> {
  private final PrintStream out;
  @Mixin private SiteOptions options = new SiteOptions();

  @Parameters(index = "0", paramLabel = "RUN")
  private String run = "";

  @Parameters(index = "1", paramLabel = "STEP")
  private String step = "";

  @ArgGroup(exclusive = true)
  private @Nullable Answer answer;

  /// What the person saw.
  static final class Answer {
    @Option(names = "--happened", description = "the step's act had happened")
    private boolean happened;

    @Option(names = "--did-not-happen", description = "it had not: it may be done again")
    private boolean didNotHappen;
  }

  public ApproveCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    try (Site site = options.open()) {
      String by = Holder.thisProcess("chrysalis approve").person();
      Answer given = answer;
      if (given == null) {
        site.recovery().decisions().approve(site.stack().name(), run, List.of(step), by);
      } else {
        boolean happened = given.happened && !given.didNotHappen;
        site.recovery().decisions().answer(site.stack().name(), run, step, happened, by);
      }
      out.println("Noted. If no controller drives the run: chrysalis resume " + run);
      return 0;
    }
  }
}
