package dev.chrysalis.redis.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.redis.agent.server.Failover;
import dev.chrysalis.redis.server.RedisRelease;
import dev.chrysalis.redis.server.TestFiles;
import dev.chrysalis.redis.server.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/// What real servers and Sentinels answer adds up to what has happened to them.
class SituationIT {
  private static final String[] QUICK = {
    "sentinel down-after-milliseconds mymaster 800", "sentinel failover-timeout mymaster 4000"
  };

  /// So that it is seen before they act.
  private static final String NOT_AT_ONCE = "sentinel down-after-milliseconds mymaster 5000";

  private static final String PATIENT = "sentinel down-after-milliseconds mymaster 600000";

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void membersAreKilledAndComeBack(RedisRelease release) {
    try (LiveRedis group = LiveRedis.of(release, 3, 3, NOT_AT_ONCE)) {
      group.await(Situation.AllWell.class);
      group.write(0, 100);
      IntStream.range(0, 20)
          .forEach(n -> {
            group.write(0, 500);
            assertThat(group.situation(OptionalLong.of(100))).isInstanceOf(Situation.AllWell.class);
          });

      group.server(2).kill();
      assertThat(group.situation())
          .isEqualTo(new Situation.ReplicaDown(LiveRedis.id(0), List.of(LiveRedis.id(2))));
      group.server(2).start();
      group.await(Situation.AllWell.class);
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> group.look().failsOverByItself());

      group.server(0).kill();
      assertThat(group.situation())
          .isInstanceOfSatisfying(
              Situation.MasterDown.class,
              down -> {
                assertThat(down.master()).isEqualTo(LiveRedis.id(0));
                assertThat(down.fit()).containsExactlyInAnyOrder(LiveRedis.id(1), LiveRedis.id(2));
                assertThat(down.failsOver()).isTrue();
              });
      assertThat(group.await(Situation.ReplicaDown.class))
          .isInstanceOfSatisfying(
              Situation.ReplicaDown.class,
              down -> assertThat(down.replicas()).containsExactly(LiveRedis.id(0)));

      group.sentinel(0).kill();
      group.sentinel(1).kill();
      group.server(0).configure("replicaof " + at(group, newMaster(group), " ")).start();
      assertThat(group.await(Situation.SentinelsDown.class))
          .isInstanceOfSatisfying(
              Situation.SentinelsDown.class,
              down -> {
                assertThat(down.quorum()).isFalse();
                assertThat(down.serves()).isTrue();
              });
    }
  }

  /// They were replaced one after another and never told to forget those that went.
  @Test
  void sentinelsThatKnowTooManyThatAreGoneCannotFailOver() {
    String[] gone =
        IntStream.range(0, 4)
            .mapToObj(
                n -> "sentinel known-sentinel mymaster 127.9.9.%d 26379 %040x".formatted(n, n))
            .toArray(String[]::new);
    try (LiveRedis group = LiveRedis.of(RedisRelease.all().getFirst(), 2, 3, gone)) {
      group.write(0, 10);
      assertThat(group.situation()).isInstanceOf(Situation.AllWell.class);

      // The one that was just started may be about to meet the others.
      Situation found =
          Awaitility.await()
              .atMost(Duration.ofMinutes(1))
              .until(() -> group.situation(), s -> !(s instanceof Situation.AllWell));
      assertThat(found)
          .isInstanceOfSatisfying(
              Situation.QuorumLost.class,
              lost -> {
                assertThat(lost.why()).contains("NOQUORUM");
                assertThat(lost.sentinels()).hasSizeGreaterThan(1);
              });
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void aSentinelFailsOverWhenItIsTold(RedisRelease release) {
    try (LiveRedis group = LiveRedis.of(release, 2, 3, QUICK)) {
      group.write(0, 10);
      group.await(Situation.AllWell.class);
      String old = at(group, 0, ":");
      Failover failover =
          new Failover(
              LiveRedis.connection(group.sentinel(0)),
              "mymaster",
              Duration.ofSeconds(20),
              note -> {});

      // Until it has seen the replica there is none to choose.
      Map<String, String> result =
          Awaitility.await()
              .ignoreExceptions()
              .atMost(Duration.ofSeconds(15))
              .until(() -> failover.run(Optional.of(old)), r -> true);

      assertThat(result).containsEntry("from", old).containsEntry("to", at(group, 1, ":"));
      assertThat(failover.run(Optional.of(old))).containsEntry("already", "true");
      group.await(Situation.AllWell.class);
      assertThat(group.look().leader().map(MemberView::id)).contains(LiveRedis.id(1));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void theSentinelsNameAnotherThanLeads(RedisRelease release) {
    try (LiveRedis group = LiveRedis.of(release, 2, 3, PATIENT)) {
      group.write(0, 10);
      group.await(Situation.AllWell.class);
      group.server(1).kill();
      group.server(1).start();
      group.await(Situation.AllWell.class);
      awaitKeys(group, 1, 10);

      Map<String, String> _ = group.roles(1).lead(false);
      // It was started some seconds ago, and may be a former master that the Sentinels see to.
      assertThat(group.situation())
          .isInstanceOfSatisfying(
              Situation.Unclear.class,
              unclear -> assertThat(unclear.why()).contains("leads until the Sentinels"));

      Map<String, String> _ = group.roles(0).follow(group.server(1).host(), group.server(1).port());
      assertThat(group.situation())
          .isEqualTo(
              new Situation.WrongMaster(
                  Optional.of(LiveRedis.id(0)), Optional.of(LiveRedis.id(1))));
      assertThat(group.look().servers().getFirst().configuredMaster().map(Address::toString))
          .contains(at(group, 1, ":"));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void anEmptiedMasterWipesWhatFollowsIt(RedisRelease release) throws IOException {
    try (LiveRedis group = LiveRedis.of(release, 2, 0)) {
      group.write(0, 10);
      awaitKeys(group, 1, 10);
      OptionalLong vault = OptionalLong.of(10);

      group.server(0).kill();
      lose(group.server(0));
      assertThat(group.situation(vault))
          .isEqualTo(
              new Situation.MasterLost(
                  List.of(LiveRedis.id(0)), List.of(LiveRedis.id(1)), Optional.empty()));

      group.server(0).start();
      awaitKeys(group, 1, 0);
      assertThat(group.situation(vault)).isInstanceOf(Situation.StoreLost.class);
      assertThat(group.situation(OptionalLong.empty())).isInstanceOf(Situation.AllWell.class);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void aReplicaFollowsTheWrongServer(RedisRelease release) {
    try (LiveRedis group = LiveRedis.of(release, 3, 0)) {
      group.write(0, 10);
      awaitKeys(group, 2, 10);

      Map<String, String> _ = group.roles(2).follow(group.server(1).host(), group.server(1).port());

      assertThat(group.situation())
          .isEqualTo(new Situation.ReplicationBroken(LiveRedis.id(0), List.of(LiveRedis.id(2))));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void writesAreRefused(RedisRelease release) throws IOException {
    try (LiveRedis group = LiveRedis.of(release, 1, 0)) {
      TestRedis server = group.server(0);
      group.write(0, 10);
      // A save can not take the place of a directory: the same for root.
      Files.createDirectories(server.folder().resolve("dump.rdb/in-the-way"));
      try (Jedis client = server.client()) {
        String _ = client.bgsave();
        assertThat(group.await(Situation.PersistenceFailing.class).serves()).isFalse();

        Files.delete(server.folder().resolve("dump.rdb/in-the-way"));
        Files.delete(server.folder().resolve("dump.rdb"));
        String _ = client.bgsave();
        group.await(Situation.AllWell.class);

        client.configSet("maxmemory-policy", "noeviction");
        client.configSet("maxmemory", "8mb");
        assertThat(group.situation()).isInstanceOf(Situation.AllWell.class);
        fill(client);
      }
      assertThat(group.situation()).isInstanceOf(Situation.OutOfMemory.class);
    }
  }

  private static void fill(Jedis client) {
    String value = "x".repeat(10_000);
    try {
      for (int n = 0; n < 10_000; n++) {
        client.set("large-" + n, value);
      }
    } catch (JedisDataException e) {
      assertThat(e).hasMessageContaining("OOM");
      return;
    }
    throw new AssertionError("it never refused a write");
  }

  private static void lose(TestRedis server) throws IOException {
    try (var files = Files.list(server.folder())) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith("appendonlydir")) {
          TestFiles.deleteTree(file);
        } else if (!file.equals(server.configuration())) {
          Files.delete(file);
        }
      }
    }
  }

  private static int newMaster(LiveRedis group) {
    return group.look().leader().orElseThrow().id().ordinal();
  }

  private static String at(LiveRedis group, int n, String separator) {
    return group.server(n).host() + separator + group.server(n).port();
  }

  private static void awaitKeys(LiveRedis group, int server, long keys) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> group.look().servers().get(server).keys().orElse(-1) == keys);
  }
}
