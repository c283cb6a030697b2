package dev.chrysalis.lab;

import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/// One server of the lab's Redis, or one of its Sentinels, as its owner sees it.
///
/// @param passwordFile the password of the default user
record RedisServer(String address, int port, Path passwordFile) {
  private static final int MILLIS = 1_000;
  private static final int PATIENT_MILLIS = 60_000;
  private static final String MASTER = "master";

  /// Overwrites every journey at one moment: nothing comes between the commands of a script.
  private static final String OVERWRITE =
      """
      local journeys = redis.call('KEYS', 'journey:*')
      for _, journey in ipairs(journeys) do
        redis.call('SET', journey, 'overwritten')
      end
      return #journeys
      """;

  /// Whether it is a master (true) or follows one (false); empty where it does not answer.
  Optional<Boolean> isMaster() {
    return ask(redis -> redis.role().getFirst()).map(MASTER::equals);
  }

  /// How many replicas follow it and have all its data.
  int replicas() {
    return ask(redis -> redis.role())
        .filter(role -> role.getFirst().equals(MASTER))
        .map(role -> role.get(2) instanceof List<?> replicas ? replicas.size() : 0)
        .orElse(0);
  }

  /// What this Sentinel knows of the master that it watches; empty where it does not answer.
  Optional<Map<String, String>> watched() {
    return ask(sentinel -> sentinel.sentinelMaster(RedisTemplates.MASTER_NAME));
  }

  /// Overwrites the values of all journeys. Returns a moment of the server's clock before it: what
  /// was acknowledged by then was right.
  Instant overwriteValues() {
    try (Jedis redis = connect(PATIENT_MILLIS)) {
      List<String> time = redis.time();
      Instant before =
          Instant.ofEpochSecond(Long.parseLong(time.getFirst()))
              .plus(Long.parseLong(time.getLast()), ChronoUnit.MICROS);
      if (redis.eval(OVERWRITE, List.of(), List.of()) instanceof Long wrong && wrong > 0) {
        return before;
      }
      throw failed("there is no journey", null);
    } catch (JedisException e) {
      throw failed("the journeys could not be overwritten", e);
    }
  }

  /// Tells the Sentinels, in the words with which they greet each other, of others that are
  /// nowhere.
  void announceSentinels(int many) {
    try (Jedis redis = connect(MILLIS)) {
      for (int n = 1; n <= many; n++) {
        redis.publish(
            "__sentinel__:hello",
            "127.255.255.%d,%d,%040x,0,%s,%s,%d,0"
                .formatted(n, port, n, RedisTemplates.MASTER_NAME, address, port));
      }
    } catch (JedisException e) {
      throw failed("the Sentinels could not be told", e);
    }
  }

  private <T> Optional<T> ask(Function<Jedis, T> question) {
    try (Jedis redis = connect(MILLIS)) {
      return Optional.of(question.apply(redis));
    } catch (JedisException e) {
      return Optional.empty();
    }
  }

  private Jedis connect(int millis) {
    return new Jedis(
        new HostAndPort(address, port),
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis(MILLIS)
            .socketTimeoutMillis(millis)
            .password(password())
            .resp2()
            .build());
  }

  private String password() {
    try {
      return Files.readString(passwordFile).strip();
    } catch (IOException e) {
      throw failed("the lab's secret cannot be read", e);
    }
  }

  private ChrysalisException failed(String what, @Nullable Exception cause) {
    return new ChrysalisException(
        LabErrors.FAULT_FAILED,
        "Redis at " + address + ": " + what,
        "see chrysalis lab status; a broken lab is replaced with lab down and lab up",
        cause);
  }
}
