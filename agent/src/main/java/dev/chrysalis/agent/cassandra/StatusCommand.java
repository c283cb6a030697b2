package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.OutputOptions;
import dev.chrysalis.cassandra.agent.files.Replacement;
import dev.chrysalis.cassandra.agent.server.NodeStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `agent cassandra status`: one flat JSON object on one line, or lines of text. A node that is
/// down is a state and no error.
@Command(
    name = "status",
    description =
        "Says what the node knows of itself and of its ring, and what its volume is like.")
final class StatusCommand implements Callable<Integer> {
  private final AgentEnvironment environment;

  @Mixin private NodeOptions node = new NodeOptions();
  @Mixin private FolderOptions folders = new FolderOptions();
  @Mixin private ConfigurationOptions configuration = new ConfigurationOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  StatusCommand(AgentEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    output.print(
        NodeStatus.read(
            node.connection(environment),
            folders.folders(environment),
            configuration
                .folderIfSet(environment)
                .filter(folder -> new Replacement(folder).isApplied())
                .isPresent()),
        environment);
    return 0;
  }
}
