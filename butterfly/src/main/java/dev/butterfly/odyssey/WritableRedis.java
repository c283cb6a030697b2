package dev.butterfly.odyssey;

import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/// Up while there is a master that takes writes and a replica that can confirm them.
final class WritableRedis implements HealthIndicator {
  private final RedisMaster redis;

  WritableRedis(RedisMaster redis) {
    this.redis = redis;
  }

  @Override
  public Health health() {
    try {
      return redis.ask(WritableRedis::look);
    } catch (JedisException e) {
      return down("the master does not answer");
    }
  }

  private static Health look(Jedis server) {
    // A server that cannot write its files refuses this as it refuses writes.
    server.ping();
    List<Object> role = server.role();
    if (!role.getFirst().equals("master")) {
      return down("the server is a replica");
    }
    return role.get(2) instanceof List<?> replicas && !replicas.isEmpty()
        ? Health.up().build()
        : down("no replica follows the master");
  }

  private static Health down(String reason) {
    return Health.down().withDetail("reason", reason).build();
  }
}
