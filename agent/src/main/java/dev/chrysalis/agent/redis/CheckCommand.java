package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Finding;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.agent.server.RedisConnection;
import dev.chrysalis.redis.agent.server.RedisSession;
import dev.chrysalis.redis.agent.server.SentinelStatus;
import dev.chrysalis.redis.agent.server.ServerStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `agent redis check`.
@Command(
    name = "check",
    description = "Looks for settings and missing rights that would hurt a backup or a recovery.")
final class CheckCommand extends TaskCommand {
  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private ConfigurationOptions configuration = new ConfigurationOptions();

  CheckCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) {
    return Finding.tell(findings(), RedisErrors.BAD_SETTING, report);
  }

  private List<Finding> findings() {
    RedisConnection connection = server.connection(environment);
    Optional<Path> file = configuration.fileIfSet(environment);
    Optional<Path> template = configuration.template(environment);
    // A login that is refused, or silence, is told as the error that it is.
    try (RedisSession session = connection.open()) {
      Object _ = session.ask("PING");
      return server
          .masterName(environment)
          .map(master ->
              ServerCheck.ofSentinel(SentinelStatus.read(connection, master, file), template))
          .orElseGet(() ->
              ServerCheck.of(
                  session,
                  ServerStatus.read(connection, data.directory(environment), file),
                  template));
    }
  }
}
