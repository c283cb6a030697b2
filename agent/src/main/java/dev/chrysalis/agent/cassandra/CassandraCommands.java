package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Subcommands;
import dev.chrysalis.agent.task.VolumeGuard;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `agent cassandra …`.
@Command(
    name = "cassandra",
    description = "Works for one node of a Cassandra ring and its volume.",
    synopsisSubcommandLabel = "COMMAND")
public final class CassandraCommands {
  private CassandraCommands() {}

  /// The command with what these words need below it.
  public static CommandLine of(
      AgentEnvironment environment, VolumeGuard guard, List<String> words) {
    return new Subcommands()
        .add("status", () -> new StatusCommand(environment))
        .add("check", () -> new CheckCommand(environment, guard))
        .add("backup", () -> new BackupCommand(environment, guard))
        .add("ship", () -> new ShipCommand(environment))
        .add("restore", () -> new RestoreCommand(environment, guard))
        .add("load", () -> new LoadCommand(environment, guard))
        .add("load-dump", () -> new LoadDumpCommand(environment, guard))
        .add("compare", () -> new CompareCommand(environment, guard))
        .add("examine", () -> new ExamineCommand(environment, guard))
        .add("replace", () -> new ReplaceCommand(environment, guard))
        .add("started", () -> new StartedCommand(environment, guard))
        .add("set-damaged-aside", () -> new SetDamagedAsideCommand(environment, guard))
        .add("repair", () -> new RepairCommand(environment, guard))
        .under(new CassandraCommands(), words);
  }
}
