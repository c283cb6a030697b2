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

/// `agent postgres promote --expect-timeline N`.
@Command(
    name = "promote",
    description =
        "Makes a standby a primary, if it is on the timeline that is expected. Says so where that"
            + " was done before.")
final class PromoteCommand extends TaskCommand {
  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private FeedSpool spool = new FeedSpool();

  @Option(
      names = "--expect-timeline",
      required = true,
      paramLabel = "N",
      description = "the timeline that the standby is to leave")
  private int expectedTimeline;

  @Option(names = "--patience", paramLabel = "SECONDS", defaultValue = "300")
  private long patience;

  PromoteCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) throws InterruptedException {
    // A promotion asks for WAL once more; it must not wait for a feeder that died.
    if (spool.keepsWaiting(environment)) {
      spool.leaveIdle(environment, data.directory(environment));
    }
    return new RecoveryControl(server.connection(environment), Duration.ofSeconds(patience))
        .promote(expectedTimeline, report);
  }
}
