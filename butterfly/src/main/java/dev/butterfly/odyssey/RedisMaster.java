package dev.butterfly.odyssey;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.providers.SentineledConnectionProvider;
import redis.clients.jedis.util.Delay;

/// Connections to the master of now. Safe for many threads.
///
/// 1. The first who needs one asks the Sentinels who is the master. Where none of them answers, the
///    next who needs one asks again: odyssey may start before its Redis does.
/// 2. From then on each Sentinel tells when another server has become the master; connections are
///    made to that one from then on. A Sentinel that was away is asked again once it is back.
///
/// A connection gives up fast on a server that hangs. What was asked then may have been done.
final class RedisMaster implements AutoCloseable {
  private static final int CONNECTIONS = 16;
  private static final int CONNECT_MILLIS = 500;
  private static final int SENTINEL_MILLIS = 500;
  private static final int ANSWER_MILLIS = 2_000;
  private static final Duration FOR_A_CONNECTION = Duration.ofSeconds(1);
  private static final Duration ASK_SENTINEL_AGAIN = Duration.ofSeconds(1);

  private final Sentinels sentinels;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile @Nullable SentineledConnectionProvider known;

  RedisMaster(Sentinels sentinels) {
    this.sentinels = sentinels;
  }

  /// Does some work on one connection. Throws `JedisException` where it cannot be done, or nobody
  /// can tell whether it was.
  <T> T ask(Function<Jedis, T> work) {
    try (Connection connection = connections().getConnection()) {
      return work.apply(new Jedis(connection));
    }
  }

  @Override
  public void close() {
    SentineledConnectionProvider made = known;
    if (made != null) {
      made.close();
    }
  }

  private SentineledConnectionProvider connections() {
    SentineledConnectionProvider made = known;
    return made != null ? made : firstConnections();
  }

  private SentineledConnectionProvider firstConnections() {
    try {
      if (!asking.tryLock(FOR_A_CONNECTION.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new JedisConnectionException("the Sentinels have not answered yet");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JedisConnectionException("interrupted while the Sentinels were asked", e);
    }
    try {
      SentineledConnectionProvider made = known;
      if (made == null) {
        made = connect();
        known = made;
      }
      return made;
    } finally {
      asking.unlock();
    }
  }

  private SentineledConnectionProvider connect() {
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(CONNECTIONS);
    pool.setMaxIdle(CONNECTIONS);
    pool.setMaxWait(FOR_A_CONNECTION);
    return new SentineledConnectionProvider(
        sentinels.masterName(),
        config(ANSWER_MILLIS),
        pool,
        sentinels.addresses(),
        config(SENTINEL_MILLIS),
        Delay.constant(ASK_SENTINEL_AGAIN));
  }

  private JedisClientConfig config(int answerMillis) {
    return DefaultJedisClientConfig.builder()
        .connectionTimeoutMillis(CONNECT_MILLIS)
        .socketTimeoutMillis(answerMillis)
        .password(sentinels.password())
        .clientName("odyssey")
        .resp2()
        .build();
  }
}
