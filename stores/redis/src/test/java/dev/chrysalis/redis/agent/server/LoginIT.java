package dev.chrysalis.redis.agent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.RedisServer;
import dev.chrysalis.redis.server.RedisRelease;
import dev.chrysalis.redis.server.TestRedis;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

/// How an agent logs in, and what a status says where it cannot.
class LoginIT {
  private static final String PASSWORD = "caterpillar";

  @TempDir private Path files;

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void aWrongPasswordIsRefusedAndTheRightOneIsNowhereSaid(RedisRelease release) throws IOException {
    try (TestRedis redis = TestRedis.create(release, "requirepass " + PASSWORD).start()) {
      RedisServer none = server(redis, "", Optional.empty());
      RedisServer wrong = server(redis, "", Optional.of("butterfly"));

      for (RedisServer server : List.of(none, wrong)) {
        Map<String, String> status = status(server, redis);
        assertThat(status).containsEntry("server", "refused").containsEntry("data", "present");
        assertThat(status.toString()).doesNotContain("butterfly");
        assertThatThrownBy(() -> ask(server, "PING"))
            .isInstanceOfSatisfying(
                ChrysalisException.class,
                e -> assertThat(e.code()).isEqualTo(RedisErrors.REFUSED_LOGIN));
      }
      assertThat(status(redis.server(), redis))
          .containsEntry("server", "up")
          .containsEntry("role", "master")
          .containsEntry("aof", "on");
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void aUserWithFewRightsSeesTheStateAndLeavesOutTheSettings(RedisRelease release)
      throws IOException {
    try (TestRedis redis =
        TestRedis.create(release, "user watcher on >" + PASSWORD + " +info +ping").start()) {
      RedisServer watcher = server(redis, "watcher", Optional.of(PASSWORD));

      assertThat(status(watcher, redis))
          .containsEntry("server", "up")
          .containsEntry("keys", "0")
          .doesNotContainKey("aof.fsync");
      assertThatThrownBy(() -> new Roles(connection(watcher), note -> {}).lead(false))
          .isInstanceOfSatisfying(
              ChrysalisException.class,
              e -> assertThat(e.code()).isEqualTo(RedisErrors.REFUSED_LOGIN));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void tlsIsSpokenAndEachSideShowsItsCertificate(RedisRelease release)
      throws IOException, InterruptedException {
    TestCertificates made = TestCertificates.in(files);
    try (TestRedis redis = TestRedis.create(release)) {
      // The plain port only serves the test's own client.
      int port = redis.port() == 65535 ? 20_000 : redis.port() + 1;
      redis
          .configure(
              "tls-port " + port,
              "tls-cert-file " + made.certificate(),
              "tls-key-file " + made.key(),
              "tls-ca-cert-file " + made.authority())
          .start();
      RedisServer trusting =
          new RedisServer(
              redis.host(),
              port,
              "",
              Optional.empty(),
              Optional.of(
                  new RedisServer.Tls(
                      Optional.of(made.authority()),
                      Optional.of(made.certificate()),
                      Optional.of(made.key()))));
      RedisServer strangers =
          new RedisServer(
              redis.host(),
              port,
              "",
              Optional.empty(),
              Optional.of(
                  new RedisServer.Tls(Optional.empty(), Optional.empty(), Optional.empty())));

      assertThat(status(trusting, redis)).containsEntry("server", "up");
      assertThat(status(strangers, redis)).containsEntry("server", "refused");
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void aServerThatIsDownIsToldByItsFiles(RedisRelease release) throws IOException {
    try (TestRedis redis = TestRedis.create(release).start()) {
      redis.kill();
      assertThat(status(redis.server(), redis))
          .containsEntry("server", "down")
          .containsEntry("data", "present")
          .containsEntry("data.keys", "none")
          .containsEntry("conf.role", "master");

      redis.start();
      try (Jedis client = redis.client()) {
        client.set("key", "value");
      }
      redis.stop();
      assertThat(status(redis.server(), redis))
          .containsEntry("data", "present")
          .doesNotContainKey("data.keys");

      redis.configure("appendonly no");
      assertThat(status(redis.server(), redis)).containsEntry("data", "ignored");
    }
  }

  @Test
  void aServerThatLoadsIsNotDown() {
    try (TestRedis redis =
        TestRedis.create(RedisRelease.V7_0, "enable-debug-command yes").start()) {
      try (Jedis client = redis.client()) {
        Object _ =
            client.sendCommand(
                () -> "DEBUG".getBytes(StandardCharsets.US_ASCII), "POPULATE", "100000");
        Object _ = client.sendCommand(() -> "BGREWRITEAOF".getBytes(StandardCharsets.US_ASCII));
        Awaitility.await()
            .atMost(Duration.ofSeconds(15))
            .until(() -> client.info("persistence").contains("aof_rewrite_in_progress:0"));
      }
      redis.kill();
      redis.configure("key-load-delay 2000", "loading-process-events-interval-bytes 1024").launch();

      Map<String, String> status =
          Awaitility.await()
              .atMost(Duration.ofSeconds(10))
              .until(() -> status(redis.server(), redis), s -> !s.get("server").equals("down"));
      assertThat(status).containsEntry("server", "loading").containsKey("loading.percent");
    }
  }

  private RedisServer server(TestRedis redis, String user, Optional<String> password)
      throws IOException {
    Optional<Path> file = Optional.empty();
    if (password.isPresent()) {
      file = Optional.of(Files.writeString(files.resolve("password"), password.get() + "\n"));
    }
    return new RedisServer(redis.host(), redis.port(), user, file, Optional.empty());
  }

  private static RedisConnection connection(RedisServer server) {
    return new RedisConnection(server, Duration.ofSeconds(3));
  }

  private static Object ask(RedisServer server, String command) {
    try (RedisSession session = connection(server).open()) {
      return session.ask(command);
    }
  }

  private static Map<String, String> status(RedisServer server, TestRedis redis) {
    return ServerStatus.read(
        connection(server), redis.folder(), Optional.of(redis.configuration()));
  }
}
