package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.redis.RedisServer;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How the connection is secured; as `redis-cli` calls it.
final class TlsOptions {
  @Option(names = "--tls", description = "speak TLS (REDIS_TLS=yes)")
  private boolean tls;

  @Option(
      names = "--cacert",
      paramLabel = "FILE",
      description = "PEM file of those who are trusted (REDIS_TLS_CA_FILE; the JDK's)")
  private @Nullable Path certificates;

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      description = "PEM file of this client's certificate (REDIS_TLS_CERT_FILE)")
  private @Nullable Path certificate;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "PEM file (PKCS#8) of its private key (REDIS_TLS_KEY_FILE)")
  private @Nullable Path key;

  Optional<RedisServer.Tls> tls(AgentEnvironment environment) {
    boolean wanted =
        tls || environment.variable("REDIS_TLS").filter("yes"::equalsIgnoreCase).isPresent();
    return wanted
        ? Optional.of(
            new RedisServer.Tls(
                file(certificates, environment, "REDIS_TLS_CA_FILE"),
                file(certificate, environment, "REDIS_TLS_CERT_FILE"),
                file(key, environment, "REDIS_TLS_KEY_FILE")))
        : Optional.empty();
  }

  private static Optional<Path> file(
      @Nullable Path option, AgentEnvironment environment, String variable) {
    return Optional.ofNullable(option).or(() -> environment.variable(variable).map(Path::of));
  }
}
