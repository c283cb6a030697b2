package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.ReportedCopy;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.redis.agent.files.PlainDump;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `agent redis check-dump`. Its result: `bytes`, `version` of the server that wrote it.
@Command(
    name = "check-dump",
    description =
        "Reads an RDB file in a bucket from its first byte to its last, and says whether it is whole."
            + " Changes nothing.")
final class CheckDumpCommand extends TaskCommand {
  @Mixin private PlainDumpOptions dump = new PlainDumpOptions();
  @Mixin private RestoreJob job = new RestoreJob();

  CheckDumpCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) {
    PlainDump.Checked checked =
        dump.with(from -> from.check(job.serverVersion(), new ReportedCopy(report)));
    return Map.of("bytes", Long.toString(checked.bytes()), "version", checked.version());
  }
}
