package dev.chrysalis.cli.command;

import dev.chrysalis.cli.DatastoreOption;
import dev.chrysalis.cli.DumpOption;
import dev.chrysalis.cli.GroundOptions;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.PlanText;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.cli.TargetOptions;
import dev.chrysalis.engine.Plan;
import dev.chrysalis.postgres.control.RestoreGround;
import dev.chrysalis.recovery.RestoreAim;
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
  private final PrintStream err;
  @Mixin private SiteOptions options = new SiteOptions();
  @Mixin private DatastoreOption datastore = new DatastoreOption();
  @Mixin private TargetOptions target = new TargetOptions();
  @Mixin private DumpOption dump = new DumpOption();
  @Mixin private GroundOptions restore = new GroundOptions();
  private final Output output = new Output();

  @Parameters(
      arity = "0..1",
      paramLabel = "SCENARIO",
      description = "what happened (default: what is found); data-corrupted needs --to")
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

  public PlanCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    Optional<RestoreAim> aim = target.aim(Optional.ofNullable(scenario));
    RestoreGround ground = restore.ground(Optional.ofNullable(scenario));
    try (Site site = options.open()) {
      Plan plan =
          dump.plan(
                  site,
                  datastore,
                  Optional.ofNullable(scenario),
                  aim.isPresent() || ground.inPlace())
              .orElseGet(() -> plan(site, aim, ground));
      out.println(
          switch (format) {
            case text -> PlanText.table(plan);
            case json -> output.json(plan);
            case md -> PlanText.markdown(plan, site.recovery().actions());
          });
      return 0;
    }
  }

  private Plan plan(Site site, Optional<RestoreAim> aim, RestoreGround ground) {
    return site.recovery()
        .plan(
            site.recovery().assess(),
            Optional.ofNullable(scenario),
            datastore.name(),
            aim,
            ground,
            TargetOptions.reading(err));
  }
}
