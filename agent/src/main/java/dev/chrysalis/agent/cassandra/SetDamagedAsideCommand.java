package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.ReportedCopy;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.cassandra.agent.files.DamagedAside;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `agent cassandra set-damaged-aside`, beside a stopped node. May be repeated. Its result:
/// `checked` (SSTables), `moved` (how many), `tables`.
@Command(
    name = "set-damaged-aside",
    description =
        "Moves SSTables of this stopped node that are not what the server wrote into a snapshot of"
            + " their table. Once it runs again: agent cassandra repair.")
final class SetDamagedAsideCommand extends TaskCommand {
  @Mixin private NodeOptions node = new NodeOptions();
  @Mixin private FolderOptions folders = new FolderOptions();

  SetDamagedAsideCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public boolean changesVolume() {
    return true;
  }

  @Override
  public Map<String, String> run(Report report) {
    DamagedAside.Moved moved =
        new DamagedAside(
                node.node(environment),
                folders.folders(environment),
                new ReportedCopy(report),
                environment.clock())
            .run();
    return Map.of(
        "checked", Long.toString(moved.checked()),
        "moved", Integer.toString(moved.tables().size()),
        "tables", String.join(",", moved.tables()));
  }
}
