package dev.chrysalis.redis.control;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Volume;
import dev.chrysalis.redis.agent.server.RedisConnection;
import dev.chrysalis.redis.agent.server.Roles;
import dev.chrysalis.redis.agent.server.SentinelStatus;
import dev.chrysalis.redis.agent.server.ServerStatus;
import dev.chrysalis.redis.server.RedisRelease;
import dev.chrysalis.redis.server.TestRedis;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;

/// A real master, its replicas and their Sentinels, seen as the controller sees them.
final class LiveRedis implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final List<TestRedis> servers = new ArrayList<>();
  private final List<TestRedis> sentinels = new ArrayList<>();

  /// All of them, running; replicas follow `redis-0`.
  static LiveRedis of(RedisRelease release, int servers, int sentinels, String... sentinelLines) {
    LiveRedis group = new LiveRedis();
    try {
      for (int n = 0; n < servers; n++) {
        TestRedis server = TestRedis.create(release);
        // From 7.0 on they would be known by the address that the kernel chooses for them.
        server.configure("replica-announce-ip " + server.host());
        group.servers.add(server);
        (n == 0 ? server : server.following(group.server(0))).start();
      }
      // Sentinels ask once when they start, and then every ten seconds: they must find all.
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> group.look().servers().stream().skip(1).allMatch(MemberView::linked));
      for (int n = 0; n < sentinels; n++) {
        String monitor =
            "sentinel monitor mymaster %s %d 2"
                .formatted(group.server(0).host(), group.server(0).port());
        TestRedis sentinel = TestRedis.sentinel(release, monitor).configure(sentinelLines);
        group.sentinels.add(sentinel.configure("sentinel announce-ip " + sentinel.host()));
        sentinel.start();
      }
      return group;
    } catch (RuntimeException e) {
      group.close();
      throw e;
    }
  }

  TestRedis server(int n) {
    return servers.get(n);
  }

  TestRedis sentinel(int n) {
    return sentinels.get(n);
  }

  Roles roles(int n) {
    return new Roles(connection(server(n)), note -> {});
  }

  static RedisConnection connection(TestRedis server) {
    return new RedisConnection(server.server(), TIMEOUT);
  }

  void write(int n, int keys) {
    try (Jedis client = server(n).client()) {
      IntStream.range(0, keys).forEach(k -> client.set("key-" + k, "value"));
    }
  }

  RedisState look() {
    return new RedisState(
        IntStream.range(0, servers.size()).mapToObj(this::view).toList(),
        IntStream.range(0, sentinels.size()).mapToObj(this::sentinelView).toList());
  }

  Situation situation(OptionalLong keysInVault) {
    return Diagnosis.of(look(), new Past(keysInVault, Optional.empty()));
  }

  Situation situation() {
    return situation(OptionalLong.empty());
  }

  /// Waits until it is in that situation.
  Situation await(Class<? extends Situation> wanted) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(25))
        .pollInterval(Duration.ofMillis(50))
        .until(this::situation, wanted::isInstance);
  }

  private MemberView view(int n) {
    TestRedis server = server(n);
    return new MemberView(
        member("redis", n, server),
        new Volume(Volume.State.PRESENT, false, 1, 1),
        ServerStatus.read(
            connection(server), server.folder(), Optional.of(server.configuration())));
  }

  private SentinelView sentinelView(int n) {
    TestRedis sentinel = sentinel(n);
    return new SentinelView(
        member("redis-sentinel", n, sentinel),
        SentinelStatus.read(
            connection(sentinel), "mymaster", Optional.of(sentinel.configuration())));
  }

  private static Member member(String workload, int n, TestRedis at) {
    return new Member(
        new MemberId(workload, n), at.host(), Member.Phase.RUNNING, true, 0, 1, Instant.EPOCH, "");
  }

  static MemberId id(int n) {
    return new MemberId("redis", n);
  }

  @Override
  public void close() {
    Stream.concat(sentinels.stream(), servers.stream()).forEach(TestRedis::close);
  }
}
