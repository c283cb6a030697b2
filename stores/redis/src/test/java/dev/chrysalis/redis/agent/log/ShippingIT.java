package dev.chrysalis.redis.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.redis.archive.RedisInVault;
import dev.chrysalis.redis.archive.RestoreChoice;
import dev.chrysalis.redis.archive.RestoreSearch;
import dev.chrysalis.redis.server.RedisRelease;
import dev.chrysalis.redis.server.TestRedis;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.Fault;
import dev.chrysalis.vault.backend.FaultyBackend;
import dev.chrysalis.vault.backend.MemoryBackend;
import dev.chrysalis.vault.backend.ScriptedFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

/// Real servers are written to while their logs go into a vault; what comes back out of it holds
/// what it must and nothing else.
final class ShippingIT {
  private static final MemberId FIRST = MemberId.parse("redis-0");
  private static final MemberId SECOND = MemberId.parse("redis-1");

  /// How much may be on its way: what is sealed now and then, on a busy machine.
  private static final Duration ON_ITS_WAY = Duration.ofSeconds(3);

  private final AtomicBoolean away = new AtomicBoolean();
  private final FaultyBackend backend =
      new FaultyBackend(
          new MemoryBackend(),
          ScriptedFault.on(ScriptedFault.Operation.CREATE, Fault.timesOutBefore())
              .at(key -> away.get())
              .always());
  private final VaultRepository vault =
      VaultRepository.create(
          backend,
          VaultFixture.passphrase(),
          new SecureRandom(),
          Clock.systemUTC(),
          VaultOptions.defaults(),
          100);
  private final RestoreSearch search = new RestoreSearch(vault, "redis", Clock.systemUTC());

  @AfterEach
  void closeVault() {
    vault.close();
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void everyWriteComesBackOverRewritesAKilledServerAndKilledShippers(RedisRelease release) {
    Random random = new Random(release.name().hashCode() + 42);
    try (TestRedis server = TestRedis.create(release, "appendfsync no").start();
        NumberedWrites writes = new NumberedWrites(server, 1)) {
      RunningAofShipper shipper = new RunningAofShipper(vault, server, FIRST);
      writes.awaitMore(200);
      for (int round = 0; round < 8; round++) {
        switch (round % 4) {
          case 0 -> rewrite(server);
          case 1 -> {
            shipper.kill();
            shipper = new RunningAofShipper(vault, server, FIRST);
          }
          case 2 -> {
            server.kill();
            server.start();
          }
          default -> {
            shipper.end();
            writes.awaitMore(50);
            shipper = new RunningAofShipper(vault, server, FIRST);
          }
        }
        writes.awaitMore(100 + random.nextInt(300));
      }
      writes.end();
      Instant end = Instant.now();
      awaitReached(end);
      shipper.end();
      assertComesBack(release, writes, Optional.empty(), end);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void aChosenMomentHoldsWhatWasWrittenBeforeItAndNothingAfter(RedisRelease release) {
    try (TestRedis server = TestRedis.create(release, "appendfsync no").start();
        NumberedWrites writes = new NumberedWrites(server, 2);
        RunningAofShipper shipper = new RunningAofShipper(vault, server, FIRST)) {
      shipper.await(ShipEvent.BaseTaken.class, 1);
      writes.awaitMore(1500);
      Instant moment = Instant.now();
      rewrite(server);
      writes.awaitMore(1500);
      writes.end();
      awaitReached(Instant.now());
      RestoreChoice choice = search.choose(Optional.of(moment));
      assertThat(choice.at()).isBetween(moment.minus(ON_ITS_WAY), moment);
      try (RestoredCopy copy = new RestoredCopy(release, vault, choice)) {
        writes.assertHeldBy(copy.server(), choice.at(), moment);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void theFirstMomentOfABaseHoldsWhatTheServerHadWrittenBehindItsOldFile(RedisRelease release) {
    try (TestRedis server = TestRedis.create(release).start();
        NumberedWrites writes = new NumberedWrites(server, 7)) {
      writes.awaitMore(500);
      Instant before = Instant.now();
      try (RunningAofShipper shipper = new RunningAofShipper(vault, server, FIRST)) {
        shipper.await(ShipEvent.BaseTaken.class, 1);
        writes.awaitMore(300);
        writes.end();
        awaitReached(Instant.now());
      }
      Instant first = new RedisInVault(vault, "redis", Clock.systemUTC()).all().getFirst().from();
      RestoreChoice choice = search.choose(Optional.of(first));
      try (RestoredCopy copy = new RestoredCopy(release, vault, choice)) {
        writes.assertHeldBy(copy.server(), before, first);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void aVaultThatIsAwayForAWhileCostsNothingAndMomentsOfThatWhileCanBeChosen(RedisRelease release) {
    try (TestRedis server = TestRedis.create(release, "appendfsync no").start();
        NumberedWrites writes = new NumberedWrites(server, 3);
        RunningAofShipper shipper = new RunningAofShipper(vault, server, FIRST)) {
      shipper.await(ShipEvent.BaseTaken.class, 1);
      away.set(true);
      shipper.await(ShipEvent.VaultFailing.class, 1);
      writes.awaitMore(1000);
      Instant moment = Instant.now();
      writes.awaitMore(500);
      rewrite(server);
      writes.awaitMore(500);
      away.set(false);
      writes.awaitMore(200);
      writes.end();
      Instant end = Instant.now();
      awaitReached(end);
      RestoreChoice choice = search.choose(Optional.of(moment));
      try (RestoredCopy copy = new RestoredCopy(release, vault, choice)) {
        writes.assertHeldBy(copy.server(), choice.at(), moment);
      }
      assertComesBack(release, writes, Optional.empty(), end);
      backend.assertAllFired();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void afterAFailoverTheNewMastersLogGoesOn(RedisRelease release) {
    try (TestRedis first = TestRedis.create(release).start();
        TestRedis second = TestRedis.create(release).following(first).start();
        NumberedWrites writes = new NumberedWrites(first, 4);
        RunningAofShipper firsts = new RunningAofShipper(vault, first, FIRST);
        RunningAofShipper seconds = new RunningAofShipper(vault, second, SECOND)) {
      firsts.await(ShipEvent.BaseTaken.class, 1);
      seconds.await(ShipEvent.StandingBy.class, 1);
      awaitLink(second);
      writes.awaitMore(500);
      writes.end();
      awaitSame(first, second);
      first.kill();
      try (Jedis client = second.client()) {
        client.replicaofNoOne();
      }
      seconds.await(ShipEvent.BaseTaken.class, 1);
      try (Jedis client = second.client()) {
        client.set("w:" + client.dbSize(), "written to the new master");
      }
      Instant end = Instant.now();
      awaitReached(end);
      RestoreChoice choice = search.choose(Optional.empty());
      assertThat(choice.base().member()).isEqualTo(SECOND);
      try (RestoredCopy copy = new RestoredCopy(release, vault, choice);
          Jedis client = copy.server().client()) {
        assertThat(client.dbSize()).isEqualTo(writes.count() + 1);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void aMasterThatLeadsAgainBeginsANewLogThatTakesOver(RedisRelease release) {
    try (TestRedis first = TestRedis.create(release).start();
        TestRedis second = TestRedis.create(release).following(first).start();
        RunningAofShipper firsts = new RunningAofShipper(vault, first, FIRST);
        RunningAofShipper seconds = new RunningAofShipper(vault, second, SECOND)) {
      firsts.await(ShipEvent.BaseTaken.class, 1);
      awaitLink(second);
      lead(second, first);
      seconds.await(ShipEvent.BaseTaken.class, 1);
      firsts.await(ShipEvent.StandingBy.class, 1);
      awaitLink(first);
      lead(first, second);
      firsts.await(ShipEvent.BaseTaken.class, 2);
      assertThat(firsts.events(ShipEvent.Shipping.class).getLast().fresh()).isTrue();
      awaitReached(Instant.now());
      assertThat(search.choose(Optional.empty()).base().member()).isEqualTo(FIRST);
    }
  }

  private static void lead(TestRedis server, TestRedis former) {
    try (Jedis leads = server.client();
        Jedis follows = former.client()) {
      leads.replicaofNoOne();
      follows.replicaof(server.host(), server.port());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void anAppendOnlyFileThatWasOffMeanwhileBeginsANewLog(RedisRelease release) {
    try (TestRedis server = TestRedis.create(release).start();
        RunningAofShipper shipper = new RunningAofShipper(vault, server, FIRST);
        Jedis client = server.client()) {
      shipper.await(ShipEvent.BaseTaken.class, 1);
      client.set("before", "1");
      client.configSet("appendonly", "no");
      client.set("while off", "1");
      client.configSet("appendonly", "yes");
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> !client.info("persistence").contains("aof_rewrite_in_progress:1"));
      shipper.await(ShipEvent.BaseTaken.class, 2);
      client.set("after", "1");
      awaitReached(Instant.now());
      try (RestoredCopy copy = new RestoredCopy(release, vault, search.choose(Optional.empty()));
          Jedis restored = copy.server().client()) {
        assertThat(restored.keys("*")).containsExactlyInAnyOrder("before", "while off", "after");
      }
    }
  }

  /// The server then writes into no file until the save has ended, and says that it has one.
  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void anAppendOnlyFileThatWasOffDuringASaveBeginsANewLog(RedisRelease release) {
    try (TestRedis server = TestRedis.create(release).start();
        Jedis client = server.client()) {
      try (RunningAofShipper shipper = new RunningAofShipper(vault, server, FIRST)) {
        shipper.await(ShipEvent.BaseTaken.class, 1);
        for (int i = 0; i < 100; i++) {
          client.set("key " + i, "1");
        }
        awaitReached(Instant.now());
      }
      client.configSet("rdb-key-save-delay", "30000");
      String _ = client.bgsave();
      client.configSet("rdb-key-save-delay", "0");
      client.configSet("appendonly", "no");
      client.configSet("appendonly", "yes");
      client.set("while it waits", "1");
      try (RunningAofShipper again = new RunningAofShipper(vault, server, FIRST)) {
        again.await(ShipEvent.BaseTaken.class, 1);
        assertThat(again.events(ShipEvent.Shipping.class).getFirst().fresh()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void ofAnIdleServerTheNewestMomentMovesOnAndARestartedShipperGoesOnInItsLog(
      RedisRelease release) {
    try (TestRedis server = TestRedis.create(release).start();
        Jedis client = server.client()) {
      client.set("only", "1");
      try (RunningAofShipper shipper = new RunningAofShipper(vault, server, FIRST)) {
        shipper.await(ShipEvent.BaseTaken.class, 1);
        awaitReached(Instant.now());
      }
      try (RunningAofShipper again = new RunningAofShipper(vault, server, FIRST)) {
        again.await(ShipEvent.Shipping.class, 1);
        assertThat(again.events(ShipEvent.Shipping.class).getFirst().fresh()).isFalse();
        awaitReached(Instant.now());
      }
    }
  }

  /// By the number of its keys it would look better than before.
  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void aServerThatCameUpEmptyIsKnownHoweverFastItIsFilled(RedisRelease release) throws IOException {
    try (TestRedis server = TestRedis.create(release).start()) {
      fill(server, "before", 20);
      shipUntilBase(server);
      server.kill();
      server.start();
      fill(server, "after an ordinary start", 5);
      shipUntilBase(server);
      assertThat(new RedisInVault(vault, "redis", Clock.systemUTC()).past().cameUpEmpty())
          .isEmpty();

      server.kill();
      loseData(server);
      server.start();
      fill(server, "after all was lost", 500);
      shipUntilBase(server);
      assertThat(new RedisInVault(vault, "redis", Clock.systemUTC()).past().cameUpEmpty())
          .isPresent();
    }
  }

  private static void fill(TestRedis server, String prefix, int keys) {
    try (Jedis client = server.client()) {
      for (int i = 0; i < keys; i++) {
        client.set(prefix + " " + i, "1");
      }
    }
  }

  private void shipUntilBase(TestRedis server) {
    try (RunningAofShipper shipper = new RunningAofShipper(vault, server, FIRST)) {
      shipper.await(ShipEvent.Shipping.class, 1);
      if (shipper.events(ShipEvent.Shipping.class).getFirst().fresh()) {
        shipper.await(ShipEvent.BaseTaken.class, 1);
      }
      awaitReached(Instant.now());
    }
  }

  private static void loseData(TestRedis server) throws IOException {
    try (Stream<Path> all = Files.walk(server.folder())) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (!file.equals(server.configuration())) {
          Files.delete(file);
        }
      }
    }
  }

  private void assertComesBack(
      RedisRelease release, NumberedWrites writes, Optional<Instant> moment, Instant by) {
    RestoreChoice choice = search.choose(moment);
    try (RestoredCopy copy = new RestoredCopy(release, vault, choice)) {
      writes.assertHeldBy(copy.server(), by, Instant.now());
    }
  }

  private void awaitReached(Instant moment) {
    Awaitility.await("the vault reaches " + moment)
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> {
          RedisInVault points = new RedisInVault(vault, "redis", Clock.systemUTC());
          return points.recoveryPoint().filter(at -> !at.isBefore(moment)).isPresent();
        });
  }

  private static void rewrite(TestRedis server) {
    try (Jedis client = server.client()) {
      String _ = client.bgrewriteaof();
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> !client.info("persistence").contains("aof_rewrite_in_progress:1"));
    }
  }

  private static void awaitLink(TestRedis replica) {
    try (Jedis client = replica.client()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> client.info("replication").contains("master_link_status:up"));
    }
  }

  private static void awaitSame(TestRedis one, TestRedis other) {
    try (Jedis first = one.client();
        Jedis second = other.client()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> first.dbSize() == second.dbSize());
    }
  }
}
