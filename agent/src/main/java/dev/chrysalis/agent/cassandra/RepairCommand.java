package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.ReportedCopy;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.cassandra.agent.files.IndexRebuild;
import dev.chrysalis.cassandra.agent.files.NodeFolders;
import dev.chrysalis.cassandra.agent.server.NodeConnection;
import dev.chrysalis.cassandra.agent.server.NodeRepair;
import dev.chrysalis.cassandra.agent.server.RepairNotes;
import dev.chrysalis.vault.backend.Pause;
import java.time.Instant;
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
    NodeFolders own = folders.folders(environment);
    ReportedCopy progress = new ReportedCopy(report);
    Instant begun = environment.clock().instant();
    List<String> keyspaces = new NodeRepair(connection, progress, Pause.parking()).run();
    new RepairNotes(own.data().getFirst()).repaired(begun);
    List<String> indexed = new IndexRebuild(connection, own, progress).run();
    return Map.of("keyspaces", String.join(",", keyspaces), "indexed", String.join(",", indexed));
  }
}
