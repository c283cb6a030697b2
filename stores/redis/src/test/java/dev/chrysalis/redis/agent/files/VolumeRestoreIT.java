package dev.chrysalis.redis.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.agent.log.RunningAofShipper;
import dev.chrysalis.redis.agent.log.ShipEvent;
import dev.chrysalis.redis.archive.BaseFacts;
import dev.chrysalis.redis.archive.RestoreChoice;
import dev.chrysalis.redis.archive.RestoreSearch;
import dev.chrysalis.redis.server.RedisRelease;
import dev.chrysalis.redis.server.TestRedis;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.SetParams;

/// Volumes that are restored from the vault, and loaded by real servers.
final class VolumeRestoreIT {
  private static final MemberId MEMBER = MemberId.parse("redis-0");

  @TempDir private Path temp;
  private final VaultRepository vault =
      VaultRepository.create(
          new MemoryBackend(),
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
  void aVolumeIsRestoredToAMomentAndHoldsNothingThatCameLater(RedisRelease release) {
    Instant until;
    try (TestRedis server = TestRedis.create(release, "appendfsync always").start();
        RunningAofShipper shipper = new RunningAofShipper(vault, server, MEMBER);
        Jedis client = server.client()) {
      client.set("before", "the base");
      shipper.await(ShipEvent.BaseTaken.class, 1);
      client.set("behind", "the base");
      client.set("passing", "value", SetParams.setParams().ex(5000));
      client.del("before");
      until = awaitCovered();
      client.set("later", "value");
      Instant _ = awaitCovered();
    }

    VolumeRestore.Restored restored = restore("moment", release, "appendonly yes", until);
    assertThat(restored.at()).isAfterOrEqualTo(until.minusSeconds(5)).isBeforeOrEqualTo(until);
    try (TestRedis copy = over(release, "moment");
        Jedis client = copy.client()) {
      assertThat(client.keys("*")).containsExactlyInAnyOrder("behind", "passing");
      assertThat(client.ttl("passing")).isBetween(4000L, 5000L);
      assertThat(client.info("replication")).contains("role:master");
    }

    VolumeRestore.Restored _ = restore("newest", release, "appendonly yes", Instant.MAX);
    try (TestRedis copy = over(release, "newest");
        Jedis client = copy.client()) {
      assertThat(client.keys("*")).containsExactlyInAnyOrder("behind", "passing", "later");
      client.set("goes", "on");
      copy.kill();
      copy.start();
      try (Jedis again = copy.client()) {
        assertThat(again.get("goes")).isEqualTo("on");
      }
    }
  }

  /// A moment after this one, up to which everything is in the vault.
  private Instant awaitCovered() {
    Instant now = Instant.now().plusMillis(1);
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> search.choose(Optional.empty()).at(), at -> !at.isBefore(now));
  }

  private TestRedis over(RedisRelease release, String folder) {
    return TestRedis.over(release, temp.resolve(folder), "aof-load-truncated no").start();
  }

  private VolumeRestore.Restored restore(
      String folder, RedisRelease release, String lines, Instant to) {
    Optional<Instant> moment = to.equals(Instant.MAX) ? Optional.empty() : Optional.of(to);
    return restore(folder, version(release), lines, search.choose(moment));
  }

  private static RedisVersion version(RedisRelease release) {
    return RedisVersion.of(release.version()).orElseThrow();
  }

  private VolumeRestore.Restored restore(
      String folder, RedisVersion server, String lines, RestoreChoice choice) {
    Path data = temp.resolve(folder);
    Path template = temp.resolve("template.conf");
    try {
      Files.writeString(template, lines + "\nreplicaof 127.0.0.1 1\n");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return new VolumeRestore(vault, CopyProgress.silent())
        .run(
            new JobId("job-1"),
            "redis",
            choice,
            new RestoreTarget(
                data,
                new ConfigurationFile(data.resolve("redis.conf"), Optional.of(template)),
                Optional.of(server),
                Optional.empty()));
  }

  /// A base as a server without an append-only file leaves it: the RDB of a BGSAVE.
  private RestoreChoice plant(RedisRelease release, String version, byte[] users)
      throws IOException {
    byte[] rdb;
    try (TestRedis server = TestRedis.create(release, "appendonly no").start();
        Jedis client = server.client()) {
      client.set("a", "1");
      client.rpush("list", "x", "y");
      String _ = client.save();
      rdb = Files.readAllBytes(server.folder().resolve("dump.rdb"));
    }
    Instant now = Instant.now();
    BaseFacts facts =
        new BaseFacts(
            MEMBER,
            version,
            BaseFacts.Format.RDB,
            false,
            Optional.empty(),
            0,
            0,
            now,
            2,
            "id",
            0,
            "");
    try (SnapshotWriter writer = vault.beginSnapshot("redis")) {
      VaultFixture.file(writer, BaseFacts.FILE, rdb);
      VaultFixture.file(writer, "redis.conf", "port 1\n".getBytes(StandardCharsets.UTF_8));
      VaultFixture.file(writer, "users.acl", users);
      var snapshot = writer.commit(facts.toMap());
      return new RestoreChoice(snapshot.id(), facts, rdb.length, Optional.empty(), now);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void aBaseWithoutALogIsLoadedWithTheAppendOnlyFileOnAndOff(RedisRelease release)
      throws IOException {
    byte[] users =
        "user default on nopass ~* &* +@all\nuser odyssey on nopass ~* +get\n"
            .getBytes(StandardCharsets.UTF_8);
    RestoreChoice choice = plant(release, version(release) + ".1", users);

    VolumeRestore.Restored on =
        restore("on", version(release), "appendonly yes\naclfile users.acl", choice);
    VolumeRestore.Restored _ = restore("off", version(release), "appendonly no", choice);

    assertThat(on.keys()).isEqualTo(2);
    try (TestRedis copy = over(release, "on");
        Jedis client = copy.client()) {
      assertThat(client.keys("*")).containsExactlyInAnyOrder("a", "list");
      assertThat(client.aclUsers()).containsExactlyInAnyOrder("default", "odyssey");
    }
    assertThat(temp.resolve("on/dump.rdb")).doesNotExist();
    try (TestRedis copy = over(release, "off");
        Jedis client = copy.client()) {
      assertThat(client.keys("*")).containsExactlyInAnyOrder("a", "list");
    }
    assertThat(temp.resolve("off/users.acl")).doesNotExist();
    assertThat(temp.resolve("off/dump.rdb")).exists();
  }

  @Test
  void whatAnOlderServerWroteANewerOneTakesOver() throws IOException {
    RestoreChoice choice = plant(RedisRelease.V6_2, "6.2.11", new byte[0]);

    VolumeRestore.Restored _ = restore("newer", new RedisVersion(7, 0), "appendonly yes", choice);
    VolumeRestore.Restored _ = restore("unknown", new RedisVersion(6, 2), "appendonly yes", choice);

    for (String folder : new String[] {"newer", "unknown"}) {
      try (TestRedis copy = over(RedisRelease.V7_0, folder);
          Jedis client = copy.client()) {
        assertThat(client.keys("*")).as(folder).containsExactlyInAnyOrder("a", "list");
      }
    }
  }

  @Test
  void aVolumeThatIsHalfRestoredIsStartedByNobody() throws IOException {
    RestoreChoice choice = plant(RedisRelease.V7_0, "7.0.15", new byte[0]);

    assertThatThrownBy(() -> restore("half", new RedisVersion(6, 2), "appendonly yes", choice))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(RedisErrors.NEWER_VERSION));

    try (TestRedis server = TestRedis.over(RedisRelease.V7_0, temp.resolve("half")).launch()) {
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !server.isRunning());
      assertThat(server.log()).contains("volume-is-half-restored");
    }
  }
}
