package dev.chrysalis.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.chrysalis.lab.ledger.Incident;
import dev.chrysalis.lab.ledger.Item;
import dev.chrysalis.lab.ledger.Ledger;
import dev.chrysalis.lab.ledger.LedgerVerdict;
import dev.chrysalis.lab.ledger.LoadGenerator;
import dev.chrysalis.lab.ledger.ServiceClient;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Volume;
import dev.chrysalis.platform.process.ProcessPlatform;
import dev.chrysalis.platform.process.Signals;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// Each fault of Redis does what it says, one after another on real servers and Sentinels, under a
/// load that odyssey takes.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class RedisFaultsIT {
  private static final MemberId REDIS_0 = new MemberId("redis", 0);

  private final Lab lab = TestLab.fresh();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Signals signals = new Signals();
  @TempDir private Path ledgers;
  private ProcessPlatform platform;

  @BeforeAll
  void start() {
    LabStatus status = lab.up(LabServices.parse("odyssey"), words -> {});
    assertThat(status.whole()).isTrue();
    platform = new ProcessPlatform(lab.layout().platform());
  }

  @AfterAll
  void remove() {
    http.close();
    lab.down();
    assertThat(TestLab.processesOf(lab)).isEmpty();
    assertThat(lab.layout().root()).doesNotExist();
  }

  @Test
  @Order(1)
  void theSentinelsWatchAMasterWithTwoReplicasAndNoArgumentHoldsThePassword() throws IOException {
    RedisStatus redis = redis();
    assertThat(redis.whole()).isTrue();
    assertThat(redis.master()).isEqualTo(REDIS_0);
    String password =
        Files.readString(new LabSecrets(lab.layout().secrets()).redisPassword()).strip();
    for (long pid : TestLab.processesOf(lab)) {
      Path process = Path.of("/proc", Long.toString(pid));
      for (String file : new String[] {"cmdline", "environ"}) {
        assertThat(Files.readString(process.resolve(file), StandardCharsets.ISO_8859_1))
            .doesNotContain(password);
      }
    }
    for (Path settings : new Path[] {settingsOf("redis-1"), settingsOf("redis-sentinel-2")}) {
      assertThat(Files.readString(settings)).contains(password);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(settings)))
          .startsWith("rw-------");
    }
  }

  @Test
  @Order(2)
  void odysseyTakesNoSecondValueAndReadsBackInOrder() throws Exception {
    ServiceClient odyssey = odyssey();
    for (long id : new long[] {12, 9, 100}) {
      assertThat(odyssey.write(id, "value-" + id)).isTrue();
    }
    assertThat(odyssey.write(9, "value-9")).isTrue();
    assertThat(odyssey.write(9, "another")).isFalse();
    assertThat(odyssey.page(9))
        .startsWith(new Item(12, "value-12"), new Item(100, "value-100"))
        .extracting(Item::id)
        .containsExactly(12L, 100L, FirstItems.ID);
  }

  /// The trap: the platform is faster than the Sentinels.
  @Test
  @Order(3)
  void aMasterThatLosesItsVolumeComesBackEmptyAndItsReplicasFollow() {
    Disaster disaster = lab.breakIt(Fault.REDIS_MASTER_LOST);
    assertThat(disaster.members()).containsExactly(REDIS_0);
    awaitWhole();
    assertThat(redis().master()).isEqualTo(REDIS_0);
    patiently().until(odyssey()::ready);
    assertThat(odyssey().page(0)).isEmpty();
  }

  @Test
  @Order(4)
  void whereTheMasterHangsTheSentinelsFailOverAndNothingAcknowledgedIsLost() {
    try (Ledger ledger = Ledger.open(ledgers.resolve("odyssey.log"))) {
      assertNothingLost(ledger, failOverUnderLoad(ledger));
    }
    assertThat(redis().master()).isNotNull().isNotEqualTo(REDIS_0);
    patiently().until(odyssey()::ready);
  }

  @Test
  @Order(5)
  void theMasterOfBeforeFollowsOnceItIsStartedAgain() {
    platform.processes(REDIS_0).stream()
        .filter(process -> process.container().equals("server"))
        .forEach(process -> signals.send(process.pid(), Signals.KILL));
    awaitWhole();
    assertThat(redis().master()).isNotEqualTo(REDIS_0);
  }

  @Test
  @Order(6)
  void aReplicaThatHangsHoldsNoWriteUp() throws Exception {
    Disaster disaster = lab.breakIt(Fault.REDIS_REPLICA_DOWN);
    MemberId replica = disaster.members().getFirst();
    assertThat(replica).isNotEqualTo(redis().master());
    assertThat(odyssey().write(1_000_000, "beside")).isTrue();
    patiently().until(() -> !member(replica).ready());
  }

  @Test
  @Order(7)
  void wrongValuesLookLikeAnyOthersAndTheMomentBeforeIsKnown() {
    Instant before = Instant.now();
    Disaster disaster = lab.breakIt(Fault.REDIS_DATA_CORRUPTED);
    assertThat(disaster.restoreTo()).isBetween(before.minusSeconds(1), Instant.now());
    assertThat(odyssey().page(0))
        .isNotEmpty()
        .allSatisfy(item -> assertThat(item.value()).isEqualTo("overwritten"));
    assertThat(odyssey().ready()).isTrue();
  }

  @Test
  @Order(8)
  void withoutAQuorumOfSentinelsOdysseyStillWrites() throws Exception {
    assertThat(lab.breakIt(Fault.REDIS_SENTINELS_DOWN).members())
        .hasToString("[redis-sentinel-0, redis-sentinel-1]");
    assertThat(redis().sentinels()).isLessThan(2);
    assertThat(odyssey().write(1_000_001, "unwatched")).isTrue();
  }

  @Test
  @Order(9)
  void aWriteThatNoReplicaConfirmsIsNotAcknowledged() throws Exception {
    // The other replica hangs already.
    lab.breakIt(Fault.REDIS_REPLICA_DOWN);
    assertThat(odyssey().write(1_000_002, "alone")).isFalse();
    assertThat(odyssey().page(1_000_001)).containsExactly(new Item(1_000_002, "alone"));
  }

  @Test
  @Order(10)
  void whereAllVolumesAreGoneNoServerStartsAndPerceptionGoesOn() throws Exception {
    assertThat(lab.breakIt(Fault.REDIS_STORE_LOST).members()).hasSize(3);
    patiently().until(() -> !platform.workload("odyssey").members().getFirst().ready());
    for (MemberId server : RedisServers.SERVERS) {
      assertThat(platform.volume(server).state()).isEqualTo(Volume.State.MISSING);
    }
    assertThat(odyssey().write(1_000_003, "nowhere")).isFalse();
    assertThat(lab.members(LabService.PERCEPTION, http).getFirst().write(1, "goes-on")).isTrue();
    assertThatThrownBy(() -> lab.breakIt(Fault.REDIS_DATA_CORRUPTED))
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(LabErrors.FAULT_FAILED));
  }

  /// Returns when the master was halted.
  private Instant failOverUnderLoad(Ledger ledger) {
    try (LoadGenerator load = lab.load(LabService.ODYSSEY, ledger, http, new Random(1))) {
      load.start(40);
      patiently().until(() -> load.acknowledged() >= 80);
      Disaster disaster = lab.breakIt(Fault.REDIS_MASTER_DOWN);
      assertThat(disaster.members()).containsExactly(REDIS_0);
      patiently().until(() -> load.firstAcknowledgedAfter(disaster.at()).isPresent());
      long after = load.acknowledged();
      patiently().until(() -> load.acknowledged() >= after + 40);
      return disaster.at();
    }
  }

  private void assertNothingLost(Ledger ledger, Instant disaster) {
    LedgerVerdict verdict =
        LedgerVerdict.compare(
            ledger.writes(), lab.reader(LabService.ODYSSEY, http), Incident.of(disaster, disaster));
    assertThat(verdict.lost()).as(verdict.toString()).isEmpty();
    assertThat(verdict.clean()).isTrue();
    assertThat(verdict.acknowledged()).isGreaterThanOrEqualTo(120);
  }

  private void awaitWhole() {
    patiently().until(() -> redis().whole());
  }

  private RedisStatus redis() {
    RedisStatus redis = lab.status().redis();
    assertThat(redis).isNotNull();
    return redis;
  }

  private ServiceClient odyssey() {
    return lab.members(LabService.ODYSSEY, http).getFirst();
  }

  private Member member(MemberId id) {
    return platform.workload(id.workload()).members().get(id.ordinal());
  }

  private Path settingsOf(String member) throws IOException {
    try (var files = Files.list(lab.layout().volume(member))) {
      return files.filter(f -> f.toString().endsWith(".conf")).findFirst().orElseThrow();
    }
  }

  private static ConditionFactory patiently() {
    return await().atMost(Duration.ofSeconds(60));
  }
}
