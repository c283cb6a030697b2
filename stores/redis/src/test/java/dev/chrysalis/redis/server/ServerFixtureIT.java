package dev.chrysalis.redis.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

/// The tests' servers are what they say.
final class ServerFixtureIT {
  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void aServerKeepsItsWritesOverAKillAndLeavesNothingBehind(RedisRelease release) {
    Path folder;
    try (TestRedis server =
        TestRedis.create(release, "requirepass caterpillar", "appendfsync always").start()) {
      folder = server.folder();
      try (Jedis client = server.client()) {
        client.set("a", "1");
      }
      server.kill();
      server.start();
      try (Jedis client = server.client()) {
        assertThat(client.get("a")).isEqualTo("1");
        assertThat(client.info("server")).contains("redis_version:" + release.version());
        assertThat(release.version()).matches(release.keepsManifest() ? "[78]\\..*" : "6\\.2\\..*");
      }
    }
    assertThat(Files.exists(folder)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void aSentinelSeesAReplicaOfItsMaster(RedisRelease release) {
    try (TestRedis master = TestRedis.create(release).start();
        TestRedis replica = TestRedis.create(release).following(master).start();
        TestRedis sentinel =
            TestRedis.sentinel(
                    release,
                    "sentinel monitor mymaster " + master.host() + " " + master.port() + " 1")
                .start();
        Jedis client = sentinel.client()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() ->
              client.sentinelReplicas("mymaster").stream()
                  .anyMatch(r -> r.get("port").equals("" + replica.port())));
    }
  }
}
