package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.ReportedCopy;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.agent.task.WorkName;
import dev.chrysalis.cassandra.agent.load.LoadRequest;
import dev.chrysalis.cassandra.agent.load.RingCompare;
import dev.chrysalis.cassandra.agent.load.WithinTime;
import dev.chrysalis.platform.volume.CopyProgress;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent cassandra compare`. Its result: `tables`, `rows`.
@Command(
    name = "compare",
    description =
        "Compares a ring that takes no writes with what it was restored to or loaded from: the"
            + " newest that is in the vault, a moment, or a backup: the number and the digest of all"
            + " rows of every table, with those of roles, at ALL and at QUORUM.")
final class CompareCommand extends TaskCommand {
  @Mixin private BackupOptions backup = new BackupOptions();
  @Mixin private TableOptions tables = new TableOptions();
  @Mixin private RingOptions ring = new RingOptions();
  @Mixin private WorkName name = new WorkName();

  @Option(
      names = "--within",
      paramLabel = "SECONDS",
      description = "how long it may take (as long as it takes)")
  private @Nullable Long within;

  CompareCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) {
    // Of the whole ring who may do what, too.
    LoadRequest request = tables.request(tables.areAll(), false, Map.of());
    CopyProgress progress = progress(report);
    RingCompare.Compared compared =
        backup.with(
            environment,
            report,
            source -> {
              source.requireSameSchema();
              return ring.with(
                  name.id(environment),
                  environment,
                  (loader, scratch) ->
                      new RingCompare(loader, scratch, progress).run(source, request));
            });
    return Map.of(
        "tables", Integer.toString(compared.tables()), "rows", Long.toString(compared.rows()));
  }

  private CopyProgress progress(Report report) {
    CopyProgress reported = new ReportedCopy(report);
    return within == null
        ? reported
        : new WithinTime(reported, Duration.ofSeconds(within), System::nanoTime);
  }
}
