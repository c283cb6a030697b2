package dev.chrysalis.cli.command;

import dev.chrysalis.cli.BackupTrial;
import dev.chrysalis.cli.CliErrors;
import dev.chrysalis.cli.CtrlC;
import dev.chrysalis.cli.DatastoreOption;
import dev.chrysalis.cli.DumpOption;
import dev.chrysalis.cli.GroundOptions;
import dev.chrysalis.cli.Outcomes;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.PlanText;
import dev.chrysalis.cli.ReportFiles;
import dev.chrysalis.cli.RunOptions;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.cli.TargetOptions;
import dev.chrysalis.cli.ToldRun;
import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.RunOutcome;
import dev.chrysalis.model.ChrysalisException;
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

@Command(
    name = "recover",
    description = "Brings the stack back: shows the plan, asks, does it, verifies.")
public final class RecoverCommand implements Callable<Integer> {
  private final PrintStream out;
  private final PrintStream err;
  @Mixin private SiteOptions options = new SiteOptions();
  @Mixin private DatastoreOption datastore = new DatastoreOption();
  @Mixin private TargetOptions target = new TargetOptions();
  @Mixin private DumpOption dump = new DumpOption();
  @Mixin private GroundOptions restore = new GroundOptions();
  @Mixin private RunOptions run = new RunOptions();
  @Mixin private ReportFiles files = new ReportFiles();
  @Mixin private BackupTrial trial = new BackupTrial();
  @Mixin private Output output = new Output();

  @Parameters(
      arity = "0..1",
      paramLabel = "SCENARIO",
      description = "what happened (default: what is found); data-corrupted needs --to")
  private @Nullable String scenario;

  @Option(
      names = "--leave",
      paramLabel = "RUN",
      description = "leave that open run as it is for good, and begin a new one")
  private String left = "";

  @Option(names = "--dry-run", description = "show the plan and stop")
  private boolean dryRun;

  public RecoverCommand(PrintStream out, PrintStream err) {
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
      PrintStream told = output.wantsJson() ? err : out;
      told.println(PlanText.table(plan));
      if (dryRun) {
        return 0;
      }
      if (!run.confirm(plan.stack(), told)) {
        throw new ChrysalisException(
            CliErrors.NOT_APPROVED,
            "nothing was done: the plan was not approved",
            "type the stack's name when asked, or use --approve in scripts");
      }
      try (CtrlC interrupt = new CtrlC(Thread.currentThread(), err);
          ToldRun people = new ToldRun(site, err)) {
        RunOutcome outcome =
            site.recovery()
                .runner(people.with(run.settings("chrysalis recover " + plan.scenario(), told)))
                .start(plan, run.consent(), left);
        Outcomes.learn(site.recovery(), outcome, err);
        int ended = Outcomes.tell(outcome, told, err);
        interrupt.over(ended);
        files.after(site, outcome, told, err);
        int code = trial.after(site, outcome, ended, told, err);
        Outcomes.print(outcome, code, output, out);
        return code;
      }
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
