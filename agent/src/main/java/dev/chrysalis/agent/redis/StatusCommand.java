package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.OutputOptions;
import dev.chrysalis.redis.agent.server.RedisConnection;
import dev.chrysalis.redis.agent.server.SentinelStatus;
import dev.chrysalis.redis.agent.server.ServerStatus;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `agent redis status`: one flat JSON object on one line, or lines of text. A server that is down
/// is a state and no error.
@Command(
    name = "status",
    description = "Says what the server and its volume are like, or what the Sentinel knows.")
final class StatusCommand implements Callable<Integer> {
  private final AgentEnvironment environment;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private ConfigurationOptions configuration = new ConfigurationOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  StatusCommand(AgentEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    output.print(status(), environment);
    return 0;
  }

  private Map<String, String> status() {
    RedisConnection connection = server.connection(environment);
    Optional<Path> file = configuration.fileIfSet(environment);
    return server
        .masterName(environment)
        .map(master -> SentinelStatus.read(connection, master, file))
        .orElseGet(() -> ServerStatus.read(connection, data.directory(environment), file));
  }
}
