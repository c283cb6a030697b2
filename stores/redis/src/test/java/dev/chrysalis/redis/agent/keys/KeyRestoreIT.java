package dev.chrysalis.redis.agent.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.agent.files.PlainDump;
import dev.chrysalis.redis.agent.keys.KeyRestore.Copied;
import dev.chrysalis.redis.agent.keys.KeyRestore.KeyPattern;
import dev.chrysalis.redis.agent.server.RedisConnection;
import dev.chrysalis.redis.server.RedisRelease;
import dev.chrysalis.redis.server.TestRedis;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.params.SetParams;

/// Keys that come back beside living ones, between real servers.
final class KeyRestoreIT {
  private static final byte[] BINARY = {'s', ':', (byte) 0xFF, 0, '\r', '\n'};

  @TempDir private Path temp;

  private static RedisConnection connection(TestRedis server) {
    return new RedisConnection(server.server(), Duration.ofSeconds(10));
  }

  private static void fill(Jedis client) {
    try (Pipeline pipeline = client.pipelined()) {
      for (int i = 0; i < 2500; i++) {
        Object _ = pipeline.set("s:" + i, "value " + i);
      }
    }
    client.set("s:large", "x".repeat(3 << 20));
    client.set("s:passing", "value", SetParams.setParams().ex(5000));
    client.set(BINARY, BINARY);
    client.zadd("s:scores", 1.5, "member");
    client.set("other", "value");
    client.select(3);
    client.set("s:third", "value");
    client.select(0);
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void aPatternIsRestoredUnderAnotherPrefixWithItsTimes(RedisRelease release) throws IOException {
    byte[] dump;
    try (TestRedis source = TestRedis.create(release, "appendonly no").start();
        Jedis client = source.client()) {
      fill(client);
      String _ = client.save();
      dump = Files.readAllBytes(source.folder().resolve("dump.rdb"));
    }
    MemoryBackend bucket = new MemoryBackend();
    Backend.Created _ = bucket.create(PlainDump.KEY, Body.of(dump));
    ServerProgram program = new ServerProgram(release.programs(temp).resolve("redis-server"));
    Path folder = temp.resolve("scratch");

    try (TestRedis living = TestRedis.create(release, "requirepass caterpillar").start();
        Jedis client = living.client();
        ScratchServer scratch = ScratchServer.in(folder, "job-1", program, new SecureRandom())) {
      client.set("restored:s:7", "living");
      long _ =
          new PlainDump(bucket, PlainDump.KEY)
              .restore(new JobId("job-1"), scratch.target(), CopyProgress.silent());
      scratch.start((_, _) -> {});
      KeyRestore keys = new KeyRestore(scratch.connection(), connection(living));

      Copied first = keys.run(new KeyPattern("s:*", "restored:", false), _ -> {});
      Copied again = keys.run(new KeyPattern("s:*", "restored:", false), _ -> {});

      assertThat(first).isEqualTo(new Copied(2504, 1));
      assertThat(again).isEqualTo(new Copied(0, 2505));
      assertThat(client.get("restored:s:7")).isEqualTo("living");
      assertThat(client.get("restored:s:2499")).isEqualTo("value 2499");
      assertThat(client.strlen("restored:s:large")).isEqualTo(3 << 20);
      assertThat(client.ttl("restored:s:passing")).isBetween(4900L, 5000L);
      assertThat(client.ttl("restored:s:8")).isEqualTo(-1);
      assertThat(client.zscore("restored:s:scores", "member")).isEqualTo(1.5);
      byte[] name = new byte[9 + BINARY.length];
      System.arraycopy("restored:".getBytes(UTF_8), 0, name, 0, 9);
      System.arraycopy(BINARY, 0, name, 9, BINARY.length);
      assertThat(client.get(name)).isEqualTo(BINARY);
      assertThat(client.exists("restored:other", "s:7")).isZero();
      client.select(3);
      assertThat(client.keys("*")).containsExactly("restored:s:third");

      Copied replaced = keys.run(new KeyPattern("s:7", "restored:", true), _ -> {});
      client.select(0);
      assertThat(replaced).isEqualTo(new Copied(1, 0));
      assertThat(client.get("restored:s:7")).isEqualTo("value 7");
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aReplicaGetsNoKeysAndAFullMasterSaysSo() {
    try (TestRedis source = TestRedis.create(RedisRelease.V6_2).start();
        TestRedis full =
            TestRedis.create(RedisRelease.V6_2, "maxmemory 1mb", "maxmemory-policy noeviction")
                .start();
        TestRedis replica = TestRedis.create(RedisRelease.V6_2).following(source).start();
        Jedis client = source.client()) {
      byte[] value = new byte[3 << 20];
      new Random(7).nextBytes(value);
      client.set("a".getBytes(UTF_8), value);

      assertThatThrownBy(() ->
              new KeyRestore(connection(source), connection(replica))
                  .run(new KeyPattern("*", "restored:", false), _ -> {}))
          .isInstanceOfSatisfying(
              ChrysalisException.class,
              e -> assertThat(e.code()).isEqualTo(RedisErrors.NOT_MASTER));
      assertThatThrownBy(() ->
              new KeyRestore(connection(source), connection(full))
                  .run(new KeyPattern("*", "restored:", false), _ -> {}))
          .isInstanceOfSatisfying(
              ChrysalisException.class,
              e -> assertThat(e.code()).isEqualTo(RedisErrors.KEYS_NOT_RESTORED))
          .hasMessageContaining("OOM");
    }
  }

  @Test
  void aProgramThatIsNotThereIsToldBeforeAnythingIsDone() {
    ServerProgram none = new ServerProgram(temp.resolve("nowhere"));

    assertThatThrownBy(none::version)
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(RedisErrors.NO_SERVER_PROGRAMS));
  }
}
