package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Subcommands;
import dev.chrysalis.agent.task.VolumeGuard;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `agent redis …`.
@Command(
    name = "redis",
    description = "Works for one Redis server, or one Sentinel, and its volume.",
    synopsisSubcommandLabel = "COMMAND")
public final class RedisCommands {
  private RedisCommands() {}

  /// The command with what these words need below it.
  public static CommandLine of(
      AgentEnvironment environment, VolumeGuard guard, List<String> words) {
    return new Subcommands()
        .add("status", () -> new StatusCommand(environment))
        .add("check", () -> new CheckCommand(environment, guard))
        .add("backup", () -> new BackupCommand(environment, guard))
        .add("ship", () -> new ShipCommand(environment))
        .add("restore", () -> new RestoreCommand(environment, guard))
        .add("check-dump", () -> new CheckDumpCommand(environment, guard))
        .add("restore-dump", () -> new RestoreDumpCommand(environment, guard))
        .add("examine", () -> new ExamineCommand(environment, guard))
        .add("restore-keys", () -> new RestoreKeysCommand(environment, guard))
        .add("configure", () -> new ConfigureCommand(environment, guard))
        .add("failover", () -> new FailoverCommand(environment, guard))
        .add("follow", () -> new FollowCommand(environment, guard))
        .add("lead", () -> new LeadCommand(environment, guard))
        .under(new RedisCommands(), words);
  }
}
