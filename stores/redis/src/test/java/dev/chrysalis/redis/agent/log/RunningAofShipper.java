package dev.chrysalis.redis.agent.log;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.redis.server.TestRedis;
import dev.chrysalis.vault.Vault;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/// A shipper at work beside a server.
public final class RunningAofShipper implements AutoCloseable {
  private final List<ShipEvent> events = new CopyOnWriteArrayList<>();
  private final AofShipper shipper;
  private final Thread thread;

  public RunningAofShipper(Vault vault, TestRedis server, MemberId member) {
    shipper =
        new AofShipper(
            vault, settings(server, member), Clock.systemUTC(), new Random(), events::add);
    thread = Thread.ofVirtual().name("shipper").start(shipper);
  }

  /// Quick ones, for tests.
  static ShipperSettings settings(TestRedis server, MemberId member) {
    return new ShipperSettings(
        "redis",
        member,
        server.server(),
        server.folder(),
        Optional.of(server.configuration()),
        Duration.ofMillis(200),
        64 << 10,
        Duration.ofMillis(500),
        Duration.ofSeconds(1));
  }

  <T extends ShipEvent> List<T> events(Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /// Waits until so many events of a kind have come.
  public RunningAofShipper await(Class<? extends ShipEvent> type, int count) {
    Awaitility.await(type.getSimpleName() + " of " + count + ", not " + events)
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> events(type).size() >= count);
    return this;
  }

  /// Ends it without a last attempt.
  void kill() {
    thread.interrupt();
    join();
  }

  @Override
  public void close() {
    end();
  }

  /// Ends it; once more does nothing.
  void end() {
    shipper.close();
    join();
  }

  private void join() {
    try {
      if (!thread.join(Duration.ofSeconds(15))) {
        throw new IllegalStateException("the shipper does not end: " + events);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return events.toString();
  }
}
