package dev.chrysalis.cli.command;

import dev.chrysalis.cli.BackupTrial;
import dev.chrysalis.cli.CliErrors;
import dev.chrysalis.cli.CtrlC;
import dev.chrysalis.cli.Outcomes;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.PlanText;
import dev.chrysalis.cli.ReportFiles;
import dev.chrysalis.cli.RunOptions;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.cli.ToldRun;
import dev.chrysalis.engine.EngineErrors;
import dev.chrysalis.engine.RunOutcome;
import dev.chrysalis.engine.RunStatus;
import dev.chrysalis.engine.Runs;
import dev.chrysalis.model.ChrysalisException;
import java.io.PrintStream;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "resume",
    description = "Goes on with a run that was left: crashed, paused or failed.")
public final class ResumeCommand implements Callable<Integer> {
  private static final Set<RunStatus> OVER = Set.of(RunStatus.SUCCEEDED, RunStatus.ABORTED);

  private final PrintStream out;
  private final PrintStream err;
  @Mixin private SiteOptions options = new SiteOptions();
  @Mixin private RunOptions run = new RunOptions();
  @Mixin private ReportFiles files = new ReportFiles();
  @Mixin private BackupTrial trial = new BackupTrial();
  @Mixin private Output output = new Output();

  @Parameters(arity = "0..1", paramLabel = "RUN", description = "default: the newest open one")
  private @Nullable String asked;

  public ResumeCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    try (Site site = options.open()) {
      String stack = site.stack().name();
      String name = asked == null ? newestOpen(site.recovery().runs(), stack) : asked;
      PrintStream told = output.wantsJson() ? err : out;
      Runs.History history = site.recovery().runs().load(stack, name);
      told.println(
          "run " + name + " of " + history.state().started() + ": " + history.state().status());
      told.println(PlanText.table(history.state().plan()));
      if (!run.confirm(stack, told)) {
        throw new ChrysalisException(
            CliErrors.NOT_APPROVED,
            "nothing was done: going on with run " + name + " was not approved",
            "type the stack's name when asked, or use --approve in scripts");
      }
      try (CtrlC interrupt = new CtrlC(Thread.currentThread(), err);
          ToldRun people = new ToldRun(site, err)) {
        RunOutcome outcome =
            site.recovery()
                .runner(people.with(run.settings("chrysalis resume " + name, told)))
                .resume(stack, name);
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

  private static String newestOpen(Runs runs, String stack) {
    return runs.list(stack).stream()
        .filter(r -> !OVER.contains(runs.load(stack, r).state().status()))
        .findFirst()
        .orElseThrow(() ->
            new ChrysalisException(
                EngineErrors.NO_SUCH_RUN,
                "no run of " + stack + " is open",
                "see them all: chrysalis runs"));
  }
}
