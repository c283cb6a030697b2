package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.cassandra.agent.files.PointInTime;
import dev.chrysalis.cassandra.agent.files.Replacement;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `agent cassandra started`. May be repeated.
@Command(
    name = "started",
    description =
        "Takes out of the server's configuration what was written for one start: the moment to which"
            + " it was restored, since at another start it would pass over what was written since,"
            + " and whose place it takes.")
final class StartedCommand extends TaskCommand {
  @Mixin private ConfigurationOptions configuration = new ConfigurationOptions();

  StartedCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) {
    Path folder = configuration.folder(environment);
    PointInTime.remove(folder);
    new Replacement(folder).remove();
    return Map.of();
  }
}
