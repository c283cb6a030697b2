package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Subcommands;
import dev.chrysalis.agent.task.VolumeGuard;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `agent postgres …`.
@Command(
    name = "postgres",
    description = "Works for one PostgreSQL server and its data directory.",
    synopsisSubcommandLabel = "COMMAND")
public final class PostgresCommands {
  private PostgresCommands() {}

  /// The command with what these words need below it.
  public static CommandLine of(
      AgentEnvironment environment, VolumeGuard guard, List<String> words) {
    return new Subcommands()
        .add("status", () -> new StatusCommand(environment))
        .add("check", () -> new CheckCommand(environment, guard))
        .add("examine", () -> new ExamineCommand(environment, guard))
        .add("backup", () -> new BackupCommand(environment, guard))
        .add("ship", () -> new ShipCommand(environment))
        .add("restore", () -> new RestoreCommand(environment, guard))
        .add("check-dump", () -> new CheckDumpCommand(environment, guard))
        .add("restore-dump", () -> new RestoreDumpCommand(environment, guard))
        .add("configure-standby", () -> new ConfigureStandbyCommand(environment, guard))
        .add("feed", () -> new FeedCommand(environment, guard))
        .add("await-target", () -> new AwaitTargetCommand(environment, guard))
        .add("end-recovery", () -> new EndRecoveryCommand(environment, guard))
        .add("promote", () -> new PromoteCommand(environment, guard))
        .add("salvage", () -> new SalvageCommand(environment, guard))
        .under(new PostgresCommands(), words);
  }
}
