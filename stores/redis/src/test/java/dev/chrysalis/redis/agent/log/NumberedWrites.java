package dev.chrysalis.redis.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.redis.server.TestRedis;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.exceptions.JedisException;

/// Writes of which each carries the next number, alone or two in a transaction, with a ledger of
/// those that were acknowledged: a state is right if it holds all up to some number and none
/// behind.
final class NumberedWrites implements AutoCloseable {
  private static final long PACE = Duration.ofMillis(1).toNanos();

  private final Random random;
  private final List<Written> acknowledged = new ArrayList<>();
  private final Thread thread;
  private volatile TestRedis server;
  private volatile boolean stopped;
  private long next;

  /// A write.
  ///
  /// @param sent before this nothing of it was on the server
  /// @param done when it was acknowledged
  record Written(long number, Instant sent, Instant done) {}

  NumberedWrites(TestRedis server, long seed) {
    this.server = server;
    this.random = new Random(seed);
    this.thread = Thread.ofVirtual().start(this::run);
  }

  /// From now on another server is written to.
  void moveTo(TestRedis other) {
    server = other;
  }

  private void run() {
    while (!stopped) {
      try (Jedis client = server.client()) {
        TestRedis now = server;
        while (!stopped && now == server) {
          write(client);
          LockSupport.parkNanos(PACE);
        }
      } catch (JedisException e) {
        // The server is away: it is tried again.
        LockSupport.parkNanos(10 * PACE);
      }
    }
  }

  private void write(Jedis client) {
    Instant sent = Instant.now();
    long number = next;
    String value = "v".repeat(random.nextInt(200)) + number;
    if (random.nextInt(5) == 0) {
      try (Transaction two = client.multi()) {
        two.set("w:" + number, value);
        two.set("w:" + (number + 1), value);
        List<Object> _ = two.exec();
      }
      record(number, sent);
      record(number + 1, sent);
    } else {
      client.set("w:" + number, value);
      record(number, sent);
    }
  }

  private synchronized void record(long number, Instant sent) {
    acknowledged.add(new Written(number, sent, Instant.now()));
    next = number + 1;
  }

  synchronized int count() {
    return acknowledged.size();
  }

  /// Waits for so many more writes.
  NumberedWrites awaitMore(int more) {
    int until = count() + more;
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> count() >= until);
    return this;
  }

  /// Fails unless the server holds every write that was acknowledged by `by`, none that was sent
  /// after `notAfter`, and of those between all up to some number.
  synchronized void assertHeldBy(TestRedis restored, Instant by, Instant notAfter) {
    try (Jedis client = restored.client()) {
      long held = client.dbSize();
      assertThat(held).isPositive();
      assertThat(client.exists("w:" + (held - 1))).as("all up to %s", held).isTrue();
      long must = acknowledged.stream().filter(w -> !w.done().isAfter(by)).count();
      long may = acknowledged.stream().filter(w -> !w.sent().isAfter(notAfter)).count();
      assertThat(held).isBetween(must, may + 2);
    }
  }

  @Override
  public void close() {
    end();
  }

  /// Ends it; once more does nothing.
  void end() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
