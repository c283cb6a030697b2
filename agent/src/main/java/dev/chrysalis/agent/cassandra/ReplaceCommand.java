package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.cassandra.agent.files.Replacement;
import dev.chrysalis.model.ChrysalisException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent cassandra replace`, beside a stopped node with empty folders. May be repeated. Its
/// result: `replaced`.
@Command(
    name = "replace",
    description =
        "Makes the next start of this node the replacement of a node that is gone: it takes that"
            + " one's tokens and copies their data from the other replicas. Once it has joined:"
            + " agent cassandra started.")
final class ReplaceCommand extends TaskCommand {
  @Mixin private ConfigurationOptions configuration = new ConfigurationOptions();

  @Option(
      names = "--replaced",
      required = true,
      paramLabel = "ADDRESS",
      description = "the address of the node that is gone, as the others know it")
  private String replaced = "";

  @Option(
      names = "--own",
      required = true,
      split = ",",
      paramLabel = "ADDRESS",
      description = "addresses of this node: it must be no seed of itself")
  private List<String> own = List.of();

  @Option(
      names = "--seeds",
      split = ",",
      paramLabel = "ADDRESS",
      description = "whom to ask for the ring where the node's list of seeds names nobody else")
  private List<String> seeds = List.of();

  ReplaceCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) {
    try {
      new Replacement(configuration.folder(environment)).apply(replaced, own, seeds);
    } catch (IllegalArgumentException e) {
      throw new ChrysalisException(
          AgentErrors.BAD_COMMAND,
          String.valueOf(e.getMessage()),
          "give --replaced the address that nodetool status shows",
          e);
    }
    return Map.of("replaced", replaced);
  }
}
