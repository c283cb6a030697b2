package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.ReportedCopy;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.cassandra.agent.files.IndexRebuild;
import dev.chrysalis.cassandra.agent.server.NodeConnection;
import dev.chrysalis.cassandra.agent.server.NodeRepair;
import dev.chrysalis.vault.backend.Pause;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `agent cassandra repair`, beside a running node. May be repeated. Its result: `keyspaces`,
/// `indexed` (tables whose indexes were built anew, since SSTables of theirs had been set aside).
@Command(
    name = "repair",
    description =
        "Makes the replicas of all that this node holds alike: what it missed it gets, what only it"
            + " has others get.")
final class RepairCommand extends TaskCommand {
  @Mixin private NodeOptions node = new NodeOptions();
  @Mixin private FolderOptions folders = new FolderOptions();

  RepairCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) {
    NodeConnection connection = node.connection(environment);
    ReportedCopy progress = new ReportedCopy(report);
    List<String> keyspaces = new NodeRepair(connection, progress, Pause.parking()).run();
    List<String> indexed =
        new IndexRebuild(connection, folders.folders(environment), progress).run();
    return Map.of("keyspaces", String.join(",", keyspaces), "indexed", String.join(",", indexed));
  }
}
