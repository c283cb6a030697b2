package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.files.RecoveryFiles;
import dev.chrysalis.postgres.agent.server.DataDirectoryState;
import dev.chrysalis.postgres.agent.wal.WalSpool;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `agent postgres configure-standby --primary-host HOST`.
@Command(
    name = "configure-standby",
    description = "Makes a stopped cluster a standby of the primary that is named.")
final class ConfigureStandbyCommand extends TaskCommand {
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private MemberOptions member = new MemberOptions("postgres");
  @Mixin private PrimaryOptions primary = new PrimaryOptions();
  @Mixin private FeedSpool spool = new FeedSpool();

  ConfigureStandbyCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public boolean changesVolume() {
    return true;
  }

  @Override
  public Map<String, String> run(Report report) {
    Path directory = data.directory(environment);
    requireStopped(directory);
    String host = primary.host();
    Object _ = spool.install(environment, directory);
    RecoveryFiles.write(
        directory,
        primary.settings(
            environment,
            host,
            member.id(environment).toString(),
            WalSpool.restoreCommand(spool.directory(environment))));
    return Map.of("primary", host);
  }

  private static void requireStopped(Path directory) {
    switch (DataDirectoryState.read(directory)) {
      case DataDirectoryState.Initialised cluster when cluster.runningPid().isPresent() ->
          throw new ChrysalisException(
              PostgresErrors.SERVER_RUNNING,
              "a server runs on %s (pid %d)".formatted(directory, cluster.runningPid().getAsLong()),
              "stop it and keep it stopped first");
      case DataDirectoryState.Initialised _ -> {}
      case DataDirectoryState.Missing _,
          DataDirectoryState.Empty _,
          DataDirectoryState.HalfRestored _,
          DataDirectoryState.Damaged _ ->
          throw new ChrysalisException(
              PostgresErrors.NOT_A_DATA_DIRECTORY,
              "there is no whole cluster in " + directory,
              "restore one first: chrysalis agent postgres restore --as-standby");
    }
  }
}
