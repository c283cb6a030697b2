package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.redis.agent.server.Failover;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent redis failover [--from HOST:PORT]`, beside a Sentinel.
@Command(
    name = "failover",
    description =
        "Makes the Sentinel fail over now, whether the master is down or not, and waits until a new"
            + " one leads.")
final class FailoverCommand extends TaskCommand {
  @Mixin private ServerOptions server = new ServerOptions();

  @Option(
      names = "--from",
      paramLabel = "HOST:PORT",
      description = "the master that is to be left: where it leads no more nothing is done")
  private @Nullable String from;

  @Option(names = "--patience", paramLabel = "SECONDS", defaultValue = "60")
  private long patience;

  FailoverCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) {
    return new Failover(
            server.connection(environment),
            server.watched(environment),
            Duration.ofSeconds(patience),
            report::note)
        .run(Optional.ofNullable(from));
  }
}
