package dev.chrysalis.cli.command;

import dev.chrysalis.cli.Columns;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.engine.RunState;
import dev.chrysalis.engine.Runs;
import dev.chrysalis.model.stack.Durations;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "runs", description = "Lists the runs of the stack, the newest first.")
public final class RunsCommand implements Callable<Integer> {
  private final PrintStream out;
  @Mixin private SiteOptions options = new SiteOptions();
  @Mixin private Output output = new Output();

  @Option(names = "--most", paramLabel = "N", description = "how many (default: 20)")
  private int most = 20;

  public RunsCommand(PrintStream out) {
    this.out = out;
  }

  /// One run in the list.
  record Line(String run, String scenario, String status, Instant started, double seconds) {}

  @Override
  public Integer call() {
    try (Site site = options.open()) {
      List<Line> lines =
          site.recovery().runs().newest(site.stack().name(), most).stream()
              .map(RunsCommand::line)
              .toList();
      Columns columns = new Columns().row("RUN", "SCENARIO", "STATUS", "STARTED", "TOOK");
      lines.forEach(l ->
          columns.row(
              l.run(),
              l.scenario(),
              l.status(),
              l.started().toString(),
              Durations.show(Duration.ofMillis(Math.round(l.seconds() * 1000)))));
      output.print(out, lines, lines.isEmpty() ? "No runs yet.\n" : columns.toString());
      return 0;
    }
  }

  private static Line line(Runs.History history) {
    RunState state = history.state();
    Duration took = Duration.between(state.started(), state.lastRecord());
    return new Line(
        history.run(),
        state.plan().scenario(),
        state.status().toString(),
        state.started(),
        took.toMillis() / 1000.0);
  }
}
