package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.agent.files.Replacement;
import dev.chrysalis.cassandra.agent.files.ReplaySettings;
import dev.chrysalis.cassandra.agent.server.NodeSession;
import dev.chrysalis.model.ChrysalisException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent cassandra started`. May be repeated.
@Command(
    name = "started",
    description =
        "Takes out of the server's configuration what was written for one start: the moment to which"
            + " it was restored, since at another start it would pass over what was written since,"
            + " and whose place it takes.")
final class StartedCommand extends TaskCommand {
  @Mixin private NodeOptions node = new NodeOptions();
  @Mixin private ConfigurationOptions configuration = new ConfigurationOptions();

  @Option(
      names = "--stopped",
      description = "also where the node has not joined: it is not to start so any more")
  private boolean stopped;

  StartedCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) {
    Optional<Path> known = configuration.folderIfSet(environment);
    if (known.isEmpty()) {
      // Nothing was ever written where nobody knows where: plans end so, too.
      report.note(
          "CASSANDRA_CONF is not set: nothing was taken out; where the restore was given --conf,"
              + " give it here, too");
      return Map.of();
    }
    Path folder = known.get();
    if (!stopped && new Replacement(folder).isApplied()) {
      requireJoined();
    }
    ReplaySettings.remove(folder);
    new Replacement(folder).remove();
    return Map.of();
  }

  /// One that has copied half of its data would begin as a whole node.
  private void requireJoined() {
    try (NodeSession session = node.connection(environment).open()) {
      String mode = session.mode();
      if (!mode.equals("NORMAL")) {
        throw new ChrysalisException(
            CassandraErrors.NOT_IN_RING,
            "the node is " + mode + ": it has not taken the other's place yet",
            "wait for the end of its streaming (nodetool netstats), then repeat this");
      }
    }
  }
}
