package dev.chrysalis.agent.job;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Subcommands;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `agent job …`: work that outlives the connection over which it was ordered.
@Command(
    name = "job",
    description = "Starts work that outlives this connection, follows it, stops it.",
    synopsisSubcommandLabel = "COMMAND")
public final class JobCommands {
  private JobCommands() {}

  /// The command with what these words need below it.
  public static CommandLine of(
      AgentEnvironment environment, TaskParser parser, List<String> words) {
    return new Subcommands()
        .add("start", () -> new StartCommand(environment, parser))
        .add("follow", () -> new FollowCommand(environment))
        .add("state", () -> new StateCommand(environment))
        .add("list", () -> new ListCommand(environment))
        .add("cancel", () -> new CancelCommand(environment))
        .add("quiet", () -> new QuietCommand(environment))
        .add("run", () -> new RunCommand(environment, parser))
        .under(new JobCommands(), words);
  }
}
