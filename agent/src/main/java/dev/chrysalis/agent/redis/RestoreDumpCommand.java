package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.ReportedCopy;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `agent redis restore-dump`. Its result: `bytes`.
@Command(
    name = "restore-dump",
    description =
        "Restores an RDB file from a bucket into an empty volume, as the base of the append-only"
            + " file where that is on. It is checked while it passes.")
final class RestoreDumpCommand extends TaskCommand {
  @Mixin private VolumeOptions volume = new VolumeOptions();
  @Mixin private PlainDumpOptions dump = new PlainDumpOptions();
  @Mixin private RestoreJob job = new RestoreJob();

  RestoreDumpCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public boolean changesVolume() {
    return true;
  }

  @Override
  public Map<String, String> run(Report report) {
    long bytes =
        dump.with(from ->
            from.restore(
                job.id(environment),
                volume.target(environment, job.serverVersion()),
                new ReportedCopy(report)));
    return Map.of("bytes", Long.toString(bytes));
  }
}
