package dev.chrysalis.agent.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.agent.AgentMain;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.redis.server.RedisRelease;
import dev.chrysalis.redis.server.TestRedis;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/// What an agent says of Redis, and how it gives a server its role.
final class LookAndLeadIT {
  private static TestRedis master;

  @TempDir private Path files;

  @BeforeAll
  static void start() {
    master = TestRedis.create(RedisRelease.V7_0, "requirepass caterpillar").start();
  }

  @AfterAll
  static void stop() {
    master.close();
  }

  @Test
  void aStatusIsOneJsonObjectOnOneLine() {
    Ended status = run(beside(master), "redis", "status", "-o", "json");

    assertThat(status.err()).isEmpty();
    assertThat(status.out().strip())
        .hasLineCount(1)
        .startsWith("{")
        .contains("\"role\":\"master\"")
        .contains("\"data\":\"present\"");
  }

  @Test
  void aServerThatIsDownIsAStateAndNoError() {
    Ended status = run(beside(master), "redis", "status", "--port", "1");

    assertThat(status.code()).isZero();
    assertThat(status.out()).contains("server: down").contains("data: present");
  }

  @Test
  void aSentinelIsAskedWhereTheVariableNamesItsMaster() {
    Map<String, String> variables = beside(master);
    variables.put("REDIS_MASTER_NAME", "mymaster");
    variables.put("REDIS_PORT", "1");

    assertThat(run(variables, "redis", "status").out()).contains("sentinel: down");
  }

  @Test
  void aCheckTellsWhatTheOwnerMayWantToChange() {
    try (TestRedis careless =
        TestRedis.create(RedisRelease.V7_0).configure("appendonly no").start()) {
      Ended check = run(beside(careless), "redis", "check");

      assertThat(check.out()).contains("warning: the append-only file is off");
      assertThat(check.code()).isEqualTo(10);
      assertThat(check.err())
          .startsWith("error CHR-9040: it writes neither an append-only file nor an RDB file");
    }
  }

  @Test
  void aCheckWithAWrongPasswordIsToldInTwoLines() {
    Map<String, String> variables = beside(master);
    variables.remove("REDIS_PASSWORD_FILE");
    Ended check = run(variables, "redis", "check");

    assertThat(check.code()).isEqualTo(18);
    assertThat(check.err()).startsWith("error CHR-9002:").contains("\nhint: ").hasLineCount(2);
  }

  @Test
  void aReplicaLeadsOnceItHasTheDataAndFollowsAgain() {
    try (TestRedis first = TestRedis.create(RedisRelease.V7_0).start();
        TestRedis second = TestRedis.create(RedisRelease.V7_0).start()) {
      String at = first.host() + ":" + first.port();
      assertThat(run(beside(second), "redis", "follow", "--master", at).code()).isZero();
      Ended tooEarly = run(beside(second), "redis", "lead");
      assertThat(tooEarly.code()).isEqualTo(11);
      assertThat(tooEarly.err()).startsWith("error CHR-9043:");

      try (Jedis client = first.client()) {
        client.set("key", "value");
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> run(beside(second), "redis", "lead").code() == 0);
      assertThat(run(beside(second), "redis", "status").out())
          .contains("role: master")
          .contains("conf.role: master");
    }
  }

  private Map<String, String> beside(TestRedis redis) {
    Map<String, String> variables = new HashMap<>();
    variables.put("REDIS_HOST", redis.host());
    variables.put("REDIS_PORT", Integer.toString(redis.port()));
    variables.put("REDIS_DATA", redis.folder().toString());
    variables.put("REDIS_CONF", redis.configuration().toString());
    redis
        .server()
        .passwordFile()
        .ifPresent(file -> variables.put("REDIS_PASSWORD_FILE", file.toString()));
    variables.put("CHRYSALIS_SPOOL", files.toString());
    return variables;
  }

  private record Ended(int code, String out, String err) {}

  private static Ended run(Map<String, String> variables, String... arguments) {
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
}
