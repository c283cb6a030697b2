package dev.chrysalis.agent.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.agent.AgentMain;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.redis.server.RedisRelease;
import dev.chrysalis.redis.server.TestRedis;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.DirectoryBackend;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/// Backup, restore, the restore of some keys, and roles: as an operator calls them.
final class RestoreCommandsIT {
  @TempDir private Path temp;
  private final Map<String, String> variables = new HashMap<>();

  @BeforeEach
  void makeAVault() throws IOException {
    Path passphrase = temp.resolve("passphrase");
    Files.writeString(passphrase, "correct horse\n");
    try (Passphrase words = Passphrase.ofFile(passphrase)) {
      VaultRepository.create(
              DirectoryBackend.create(temp.resolve("vault")),
              words,
              new SecureRandom(),
              Clock.systemUTC())
          .close();
    }
    Path template = temp.resolve("template.conf");
    Files.writeString(template, "appendonly yes\nreplicaof redis-0 6379\n");
    variables.put("CHRYSALIS_VAULT", temp.resolve("vault").toString());
    variables.put("CHRYSALIS_PASSPHRASE_FILE", passphrase.toString());
    variables.put("CHRYSALIS_SPOOL", temp.resolve("spool").toString());
    variables.put("REDIS_CONF_TEMPLATE", template.toString());
  }

  private record Ended(int code, String out, String err) {}

  private Ended run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    AgentEnvironment environment =
        new AgentEnvironment(
            variables,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            InstantSource.system(),
            AgentMain.class.getName());
    int code = AgentMain.commandLine(environment, List.of(arguments)).execute(arguments);
    return new Ended(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private void beside(TestRedis server) {
    variables.put("REDIS_HOST", server.host());
    variables.put("REDIS_PORT", Integer.toString(server.port()));
    at(server.folder());
  }

  private void at(Path folder) {
    variables.put("REDIS_DATA", folder.toString());
    variables.put("REDIS_CONF", folder.resolve("redis.conf").toString());
  }

  private void succeeds(String... arguments) {
    Ended ended = run(arguments);
    assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
  }

  @Test
  void aMasterIsBackedUpAndComesBackAndSoDoSomeOfItsKeys() {
    try (TestRedis server = TestRedis.create(RedisRelease.V7_0).start();
        Jedis client = server.client()) {
      client.set("session:1", "one");
      client.set("other", "value");
      beside(server);
      succeeds("redis", "backup");
      client.set("session:1", "overwritten");
      variables.put("CHRYSALIS_SERVER_PROGRAMS", RedisRelease.V7_0.programs(temp).toString());

      succeeds("redis", "restore-keys", "--match", "session:*", "--as-prefix", "restored:");

      assertThat(client.get("restored:session:1")).isEqualTo("one");
      assertThat(client.get("session:1")).isEqualTo("overwritten");
      assertThat(client.exists("restored:other")).isFalse();
      Ended examined = run("redis", "examine");
      assertThat(examined.code()).as(examined.err()).isZero();
      assertThat(examined.out()).contains("keys: 2").contains("baseKeys: 2");
      assertThat(temp.resolve("spool")).isEmptyDirectory();
      Ended running = run("redis", "restore");
      assertThat(running.err()).startsWith("error CHR-9031: a server runs on");
    }
    Path fresh = temp.resolve("fresh");
    at(fresh);

    Ended restored = run("redis", "restore");

    assertThat(restored.err()).isEmpty();
    assertThat(restored.out()).contains("keys: 2").contains("before: false");
    try (TestRedis older = TestRedis.over(RedisRelease.V6_2, fresh).launch()) {
      // Nobody said which release it is for: one that cannot load it ends, and is not empty.
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !older.isRunning());
      assertThat(older.log()).contains("Can't handle RDB format");
    }
    try (TestRedis copy = TestRedis.over(RedisRelease.V7_0, fresh).start();
        Jedis client = copy.client()) {
      assertThat(client.get("session:1")).isEqualTo("one");
    }
    Ended again = run("redis", "restore", "--name", "another");
    assertThat(again.code()).isEqualTo(11);
    assertThat(again.err()).startsWith("error CHR-9030:").contains("holds ");
  }

  @Test
  void aRoleIsWrittenWhileTheServerIsOff() throws IOException {
    Path volume = Files.createDirectory(temp.resolve("volume"));
    at(volume);
    variables.put("REDIS_PORT", "1");

    succeeds("redis", "configure", "--follow", "redis-1:6379");
    assertThat(volume.resolve("redis.conf")).hasContent("appendonly yes\nreplicaof redis-1 6379\n");
    succeeds("redis", "configure", "--lead");
    assertThat(volume.resolve("redis.conf")).hasContent("appendonly yes\n");

    Files.writeString(volume.resolve("redis.conf"), "sentinel monitor mymaster a 1 2\n");
    succeeds("redis", "configure", "--watch", "redis-2:6379", "--master-name", "mymaster");
    assertThat(volume.resolve("redis.conf"))
        .hasContent("sentinel monitor mymaster redis-2 6379 2\n");
    assertThat(run("redis", "configure").code()).isEqualTo(2);
  }

  @Test
  void aDumpOfTheWrittenRunbookIsRestored() throws IOException {
    Path bucket = Files.createDirectories(temp.resolve("bucket/redis"));
    try (TestRedis server = TestRedis.create(RedisRelease.V6_2).start();
        Jedis client = server.client()) {
      client.set("a", "1");
      String _ = client.save();
      Files.copy(server.folder().resolve("dump.rdb"), bucket.resolve("dump.rdb"));
    }
    Path volume = temp.resolve("volume");
    at(volume);
    variables.put("REDIS_PORT", "1");
    String location = bucket.getParent().toUri().toString();

    assertThat(run("redis", "check-dump", "--location", location).out()).contains("version: 6.2");
    succeeds("redis", "restore-dump", "--location", location, "--dump", "redis/dump.rdb");

    try (TestRedis copy = TestRedis.over(RedisRelease.V6_2, volume).start();
        Jedis client = copy.client()) {
      assertThat(client.get("a")).isEqualTo("1");
    }
  }
}
