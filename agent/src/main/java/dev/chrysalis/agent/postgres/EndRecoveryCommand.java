package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent postgres end-recovery`.
@Command(
    name = "end-recovery",
    description =
        "Ends the recovery of a server that stands still at its target; then it takes writes on a"
            + " timeline of its own. Refused while replay goes on.")
final class EndRecoveryCommand extends TaskCommand {
  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--patience", paramLabel = "SECONDS", defaultValue = "300")
  private long patience;

  EndRecoveryCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) throws InterruptedException {
    return new RecoveryControl(server.connection(environment), Duration.ofSeconds(patience))
        .endRecovery(report);
  }
}
