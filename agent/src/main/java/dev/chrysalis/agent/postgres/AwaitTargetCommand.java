package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.postgres.Lsn;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent postgres await-target --target LSN`.
@Command(
    name = "await-target",
    description = "Waits until a recovering server stands still at its target.")
final class AwaitTargetCommand extends TaskCommand {
  @Mixin private ServerOptions server = new ServerOptions();

  @Option(
      names = {"--target", "--to"},
      required = true,
      paramLabel = "LSN",
      converter = LsnConverter.class,
      description = "the position that must have been replayed")
  private Lsn target = new Lsn(0);

  @Option(names = "--patience", paramLabel = "SECONDS", defaultValue = "3600")
  private long patience;

  AwaitTargetCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) throws InterruptedException {
    return new RecoveryControl(server.connection(environment), Duration.ofSeconds(patience))
        .awaitTarget(target, report);
  }
}
