package dev.chrysalis.redis.agent.aof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.server.RedisRelease;
import dev.chrysalis.redis.server.TestRedis;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.params.SetParams;

/// Values of every kind, in both of their sizes, as real servers write them.
final class RdbWalkerIT {
  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void findsTheEndOfWhatServersWriteAndRefusesAllElse(RedisRelease release) throws IOException {
    byte[] rdb;
    long keys;
    try (TestRedis server = TestRedis.create(release).start();
        Jedis client = server.client()) {
      fill(client);
      keys = client.dbSize();
      client.save();
      rdb = Files.readAllBytes(server.folder().resolve("dump.rdb"));
    }
    ByteArrayOutputStream followed = new ByteArrayOutputStream();
    followed.writeBytes(rdb);
    followed.writeBytes("*1\r\n$4\r\nPING\r\n".getBytes(UTF_8));
    RdbWalker.Found found = walk(followed.toByteArray());
    assertThat(found.bytes()).isEqualTo(rdb.length);
    assertThat(found.keys()).isEqualTo(keys);
    assertThat(found.checked()).isTrue();
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      byte[] cut = Arrays.copyOf(rdb, random.nextInt(rdb.length));
      assertThatThrownBy(() -> walk(cut)).isInstanceOf(ChrysalisException.class);
      byte[] spoilt = rdb.clone();
      spoilt[random.nextInt(rdb.length - 8)] ^= (byte) (1 << random.nextInt(8));
      assertThatThrownBy(() -> walk(spoilt)).isInstanceOf(ChrysalisException.class);
    }
  }

  private static RdbWalker.Found walk(byte[] bytes) {
    return RdbWalker.walk(new ByteArrayInputStream(bytes));
  }

  private static void fill(Jedis client) {
    client.set("number", "12345");
    client.set("large", "9876543210");
    client.set("text", "x".repeat(20_000));
    client.set("expiring", "v", SetParams.setParams().ex(1000));
    for (int size : new int[] {5, 3000}) {
      for (int i = 0; i < size; i++) {
        client.rpush("list" + size, "element-" + i);
        client.sadd("set" + size, "member-" + i);
        client.sadd("ints" + size, "" + i);
        client.zadd("sorted" + size, i * 0.5, "member-" + i);
        client.hset("hash" + size, "field-" + i, "v".repeat(i % 90));
      }
    }
    for (int i = 0; i < 300; i++) {
      send(client, "XADD", "stream", "*", "f", "v" + i);
    }
    send(client, "XGROUP", "CREATE", "stream", "group", "0");
    send(client, "XREADGROUP", "GROUP", "group", "me", "COUNT", "20", "STREAMS", "stream", ">");
  }

  private static void send(Jedis client, String name, String... arguments) {
    Object _ = client.sendCommand(Protocol.Command.valueOf(name), arguments);
  }
}
