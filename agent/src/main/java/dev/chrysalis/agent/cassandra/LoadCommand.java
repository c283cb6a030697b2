package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.ReportedCopy;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.agent.task.WorkName;
import dev.chrysalis.cassandra.agent.load.LoadRequest;
import dev.chrysalis.cassandra.agent.load.RingLoad;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `agent cassandra load`. Its result: `tables`, `partitions`, `rows` (that clients see), `bytes`
/// (of all nodes' tables, merged), `sent` (to all nodes).
@Command(
    name = "load",
    description =
        "Loads a backup into a ring whatever its nodes are: into another shape, or one keyspace or"
            + " table beside the living ones. Each partition is streamed once to each of its nodes."
            + " As of the newest that is in the vault, of a moment, or of a backup.")
final class LoadCommand extends TaskCommand {
  @Mixin private BackupOptions backup = new BackupOptions();
  @Mixin private LoadOptions load = new LoadOptions();
  @Mixin private RingOptions ring = new RingOptions();
  @Mixin private WorkName name = new WorkName();

  LoadCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) {
    LoadRequest request = load.request();
    return backup.with(
        environment,
        report,
        source ->
            ring.with(
                name.id(environment),
                environment,
                (loader, scratch) ->
                    LoadOptions.result(
                        new RingLoad(loader, scratch, new ReportedCopy(report))
                            .run(source, request))));
  }
}
