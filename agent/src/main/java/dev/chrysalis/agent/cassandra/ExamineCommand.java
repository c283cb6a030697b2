package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.ReportedCopy;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.agent.task.WorkName;
import dev.chrysalis.cassandra.agent.load.LoadProcess;
import dev.chrysalis.cassandra.agent.load.RingExamination;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `agent cassandra examine`. Its result: `tables`, `rows`, `bytes`, `passedOver` (writes of after
/// a change of the schema), `seconds`.
@Command(
    name = "examine",
    description =
        "Tries what the vault has of a ring: restores table by table, with the logs of all nodes,"
            + " into scratch space, reads all rows with Cassandra's own classes, and removes it."
            + " Needs no ring.")
final class ExamineCommand extends TaskCommand {
  @Mixin private BackupOptions backup = new BackupOptions();
  @Mixin private LoaderOptions loader = new LoaderOptions();
  @Mixin private ConfigurationOptions configuration = new ConfigurationOptions();
  @Mixin private WorkName name = new WorkName();

  ExamineCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) {
    long begun = System.nanoTime();
    RingExamination.Examined examined =
        backup.with(
            environment,
            report,
            source ->
                loader.with(
                    name.id(environment),
                    environment,
                    (program, scratch) -> LoadProcess.withoutRing(program, yaml(), scratch),
                    (process, scratch) ->
                        new RingExamination(process, scratch, new ReportedCopy(report))
                            .run(source)));
    return Map.of(
        "tables", Integer.toString(examined.tables()),
        "rows", Long.toString(examined.rows()),
        "bytes", Long.toString(examined.bytes()),
        "passedOver", Long.toString(examined.passedOver()),
        "seconds",
            "%.1f".formatted(Duration.ofNanos(System.nanoTime() - begun).toMillis() / 1000.0));
  }

  private Optional<Path> yaml() {
    return configuration.folderIfSet(environment).map(folder -> folder.resolve("cassandra.yaml"));
  }
}
