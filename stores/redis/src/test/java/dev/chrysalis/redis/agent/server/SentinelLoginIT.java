package dev.chrysalis.redis.agent.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.redis.RedisServer;
import dev.chrysalis.redis.server.RedisRelease;
import dev.chrysalis.redis.server.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// How an agent asks a Sentinel that knows its users and speaks TLS, of servers with a password.
class SentinelLoginIT {
  private static final String PASSWORD = "caterpillar";
  private static final String OF_SERVERS = "requirepass butterfly";

  @TempDir private Path files;

  /// The rights are those that the manual asks for.
  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void aUserOfItsOwnSeesTheStateAndFailsOverByTls(RedisRelease release)
      throws IOException, InterruptedException {
    TestCertificates made = TestCertificates.in(files);
    try (TestRedis master = server(release).start();
        TestRedis replica = server(release).following(master).start();
        TestRedis sentinel = TestRedis.sentinel(release)) {
      int port = sentinel.port() == 65535 ? 20_000 : sentinel.port() + 1;
      sentinel
          .configure(
              "sentinel monitor mymaster %s %d 1".formatted(master.host(), master.port()),
              "sentinel auth-pass mymaster butterfly",
              "sentinel down-after-milliseconds mymaster 1000",
              "user chrysalis on >" + PASSWORD + " +ping +sentinel +info +psubscribe &*",
              "tls-port " + port,
              "tls-cert-file " + made.certificate(),
              "tls-key-file " + made.key(),
              "tls-ca-cert-file " + made.authority())
          .start();
      RedisConnection known = connection(sentinel.host(), port, PASSWORD, made);
      String at = replica.host() + ":" + replica.port();

      Map<String, String> status =
          Awaitility.await()
              .atMost(Duration.ofSeconds(20))
              .until(
                  () -> SentinelStatus.read(known, "mymaster", Optional.empty()),
                  s -> s.getOrDefault("replicas.known", "").contains(at));

      assertThat(status)
          .containsEntry("sentinel", "up")
          .containsEntry("ckquorum", "ok")
          .containsKey("uptimeSeconds");
      Failover failover = new Failover(known, "mymaster", Duration.ofSeconds(20), note -> {});
      Map<String, String> done =
          Awaitility.await()
              .ignoreExceptions()
              .atMost(Duration.ofSeconds(20))
              .until(
                  () -> failover.run(Optional.of(master.host() + ":" + master.port())), r -> true);
      assertThat(done).containsEntry("to", at);
      assertThat(
              SentinelStatus.read(
                  connection(sentinel.host(), port, "cocoon", made), "mymaster", Optional.empty()))
          .containsEntry("sentinel", "refused");
    }
  }

  private static TestRedis server(RedisRelease release) {
    TestRedis server = TestRedis.create(release, OF_SERVERS, "masterauth butterfly");
    // From 7.0 on it would be known by the address that the kernel chooses for it.
    return server.configure("replica-announce-ip " + server.host());
  }

  private RedisConnection connection(String host, int port, String password, TestCertificates made)
      throws IOException {
    Path file = Files.writeString(files.resolve(password), password);
    return new RedisConnection(
        new RedisServer(
            host,
            port,
            "chrysalis",
            Optional.of(file),
            Optional.of(
                new RedisServer.Tls(
                    Optional.of(made.authority()),
                    Optional.of(made.certificate()),
                    Optional.of(made.key())))),
        Duration.ofSeconds(5));
  }
}
