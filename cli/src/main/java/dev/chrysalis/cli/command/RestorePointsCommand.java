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
    description = "Lists the snapshots, and how far the WAL behind each reaches.")
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
          new Columns().row("SNAPSHOT", "TIMELINE", "UP TO", "NEWEST COMMIT", "MB", "MISSING");
      points.forEach(p ->
          columns.row(
              p.snapshot(),
              Integer.toString(p.timeline()),
              p.end().toString(),
              p.newestCommit(),
              Long.toString(p.bytes() / 1_000_000),
              p.missingPacks() == 0 ? "" : p.missingPacks() + " packs"));
      output.print(
          out, points, points.isEmpty() ? "Nothing can be restored.\n" : columns.toString());
      return 0;
    }
  }
}
