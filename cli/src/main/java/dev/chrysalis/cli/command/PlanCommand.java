package dev.chrysalis.cli.command;

import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.PlanText;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.engine.Plan;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "plan", description = "Shows what recovery would do. Changes nothing.")
public final class PlanCommand implements Callable<Integer> {
  private final PrintStream out;
  @Mixin private SiteOptions options = new SiteOptions();
  private final Output output = new Output();

  @Parameters(
      arity = "0..1",
      paramLabel = "SCENARIO",
      description = "what happened (default: what is found)")
  private @Nullable String scenario;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "text, json, or md: a runbook for hands (default: text)")
  private Format format = Format.text;

  enum Format {
    text,
    json,
    md
  }

  public PlanCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    try (Site site = options.open()) {
      Plan plan = site.recovery().plan(site.recovery().assess(), Optional.ofNullable(scenario));
      out.println(
          switch (format) {
            case text -> PlanText.table(plan);
            case json -> output.json(plan);
            case md -> PlanText.markdown(plan, site.recovery().actions());
          });
      return 0;
    }
  }
}
