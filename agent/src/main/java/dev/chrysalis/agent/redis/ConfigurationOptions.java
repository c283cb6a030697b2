package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.task.AgentEnvironment;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the member's configuration is: the file that the server, or the Sentinel, itself rewrites,
/// and what a fresh volume begins with.
final class ConfigurationOptions {
  @Option(
      names = "--conf",
      paramLabel = "FILE",
      description = "the living configuration file (REDIS_CONF)")
  private @Nullable Path file;

  @Option(
      names = "--conf-template",
      paramLabel = "FILE",
      description = "what a fresh volume begins with (REDIS_CONF_TEMPLATE)")
  private @Nullable Path template;

  /// The living file, which need not exist. `MISSING_SETTING` where nothing says which it is.
  Path file(AgentEnvironment environment) {
    return absolute(file != null ? file : Path.of(environment.required("REDIS_CONF", "--conf")));
  }

  /// The living file, for those who can do without it.
  Optional<Path> fileIfSet(AgentEnvironment environment) {
    return set(file, environment, "REDIS_CONF");
  }

  /// The template; empty where nothing says which it is.
  Optional<Path> template(AgentEnvironment environment) {
    return set(template, environment, "REDIS_CONF_TEMPLATE");
  }

  private static Optional<Path> set(
      @Nullable Path option, AgentEnvironment environment, String variable) {
    return Optional.ofNullable(option)
        .or(() -> environment.variable(variable).map(Path::of))
        .map(ConfigurationOptions::absolute);
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }
}
