package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.VolumeGuard;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `agent postgres …`.
@Command(
    name = "postgres",
    description = "Works for one PostgreSQL server and its data directory.",
    synopsisSubcommandLabel = "COMMAND")
public final class PostgresCommands {
  private PostgresCommands() {}

  /// The command with all below it.
  public static CommandLine of(AgentEnvironment environment, VolumeGuard guard) {
    return new CommandLine(new PostgresCommands())
        .addSubcommand(new StatusCommand(environment))
        .addSubcommand(new CheckCommand(environment, guard))
        .addSubcommand(new BackupCommand(environment, guard))
        .addSubcommand(new ShipCommand(environment))
        .addSubcommand(new RestoreCommand(environment, guard))
        .addSubcommand(new ConfigureStandbyCommand(environment, guard))
        .addSubcommand(new FeedCommand(environment, guard))
        .addSubcommand(new AwaitTargetCommand(environment, guard))
        .addSubcommand(new EndRecoveryCommand(environment, guard))
        .addSubcommand(new PromoteCommand(environment, guard))
        .addSubcommand(new SalvageCommand(environment, guard));
  }
}
