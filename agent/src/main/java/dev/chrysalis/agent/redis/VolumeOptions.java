package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.agent.files.ConfigurationFile;
import dev.chrysalis.redis.agent.files.RedisVersion;
import dev.chrysalis.redis.agent.files.RestoreTarget;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// A member's volume while its server is off.
final class VolumeOptions {
  @Option(names = "--host", paramLabel = "HOST", description = "(REDIS_HOST; localhost)")
  private @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "(REDIS_PORT; 6379, beside a Sentinel 26379)")
  private @Nullable Integer port;

  @Option(
      names = "--master-name",
      paramLabel = "NAME",
      description = "what Sentinel calls the master (REDIS_MASTER_NAME)")
  private @Nullable String masterName;

  @Mixin private DataOptions data = new DataOptions();
  @Mixin private ConfigurationOptions configuration = new ConfigurationOptions();

  RestoreTarget target(AgentEnvironment environment, Optional<RedisVersion> version) {
    return new RestoreTarget(
        data.directory(environment), file(environment), version, Optional.of(address(environment)));
  }

  ConfigurationFile file(AgentEnvironment environment) {
    return new ConfigurationFile(
        configuration.file(environment), configuration.template(environment));
  }

  /// Where the server would answer.
  InetSocketAddress address(AgentEnvironment environment) {
    String otherwise = masterName(environment).isPresent() ? "26379" : "6379";
    String text =
        port != null ? port.toString() : environment.variable("REDIS_PORT").orElse(otherwise);
    try {
      return new InetSocketAddress(
          host != null ? host : environment.variable("REDIS_HOST").orElse("localhost"),
          Integer.parseInt(text));
    } catch (IllegalArgumentException e) {
      throw new ChrysalisException(
          AgentErrors.MISSING_SETTING,
          "not a port: " + text,
          "give --host and --port, or set REDIS_HOST and REDIS_PORT",
          e);
    }
  }

  Optional<String> masterName(AgentEnvironment environment) {
    return Optional.ofNullable(masterName).or(() -> environment.variable("REDIS_MASTER_NAME"));
  }

  DataOptions data() {
    return data;
  }
}
