package dev.chrysalis.agent.job;

import dev.chrysalis.agent.task.AgentEnvironment;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `agent job …`: work that outlives the connection over which it was ordered.
@Command(
    name = "job",
    description = "Starts work that outlives this connection, follows it, stops it.",
    synopsisSubcommandLabel = "COMMAND")
public final class JobCommands {
  private JobCommands() {}

  /// The command with all below it.
  public static CommandLine of(AgentEnvironment environment, TaskParser parser) {
    return new CommandLine(new JobCommands())
        .addSubcommand(new StartCommand(environment, parser))
        .addSubcommand(new FollowCommand(environment))
        .addSubcommand(new StateCommand(environment))
        .addSubcommand(new ListCommand(environment))
        .addSubcommand(new CancelCommand(environment))
        .addSubcommand(new QuietCommand(environment))
        .addSubcommand(new RunCommand(environment, parser));
  }
}
