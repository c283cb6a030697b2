package dev.chrysalis.cli.command;

import dev.chrysalis.cli.Columns;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.postgres.control.WalInVault.RestorePoint;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "restore-points",
    description = "Lists the snapshots, and from when to when each can be restored.")
public final class RestorePointsCommand implements Callable<Integer> {
  private final PrintStream out;
  @Mixin private SiteOptions options = new SiteOptions();
  @Mixin private Output output = new Output();

  public RestorePointsCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    try (Site site = options.open()) {
      List<RestorePoint> points = site.recovery().wal().restorePoints();
      Columns columns =
          new Columns().row("SNAPSHOT", "TIMELINE", "FROM", "TO", "POSITIONS", "MB", "MISSING");
      points.forEach(p ->
          columns.row(
              p.snapshot(),
              Integer.toString(p.timeline()),
              p.windowFrom().toString(),
              p.newestCommit(),
              p.from() + " to " + p.target(),
              Long.toString(p.bytes() / 1_000_000),
              p.missingPacks() == 0 ? "" : p.missingPacks() + " packs"));
      output.print(
          out,
          points,
          points.isEmpty() ? "Nothing can be restored.\n" : columns + window(site, points));
      return 0;
    }
  }

  /// The whole window, on the timeline that `--to` means.
  private static String window(Site site, List<RestorePoint> points) {
    int newest = points.stream().mapToInt(RestorePoint::timeline).max().orElseThrow();
    RestorePoint first =
        points.stream().filter(p -> p.timeline() == newest).findFirst().orElseThrow();
    return "window: %s to %s on timeline %d%n"
        .formatted(
            first.windowFrom(),
            site.recovery().wal().recoveryPoint().map(Object::toString).orElse(""),
            newest);
  }
}
