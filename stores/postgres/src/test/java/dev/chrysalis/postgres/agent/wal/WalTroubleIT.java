package dev.chrysalis.postgres.agent.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.TestPostgres;
import dev.chrysalis.vault.LogExtent;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.VaultErrors;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WalTroubleIT {
  private static final String NOW =
      "select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";

  private final MemoryVault vault = new MemoryVault();
  private final WalArchive archive = new WalArchive(vault, RunningShipper.STORE);

  @Test
  void aVaultThatIsAwayForAWhileLosesNothing() {
    try (TestPostgres primary = TestPostgres.started(18);
        RunningShipper shipper = RunningShipper.of(vault, primary, "postgres-0")) {
      shipper.awaitEvent(ShipEvent.Sealed.class);
      long system = RunningShipper.system(primary);
      primary.execute("create table t(x int, y text)");
      RunningShipper.awaitAll(archive, primary, 1);
      Lsn before = primary.currentLsn();
      vault.fail(VaultErrors.UNREACHABLE);
      for (int i = 0; i < 5; i++) {
        primary.execute("insert into t select i, repeat('x', 900) from generate_series(1, 900) i");
      }
      shipper.awaitEvent(ShipEvent.VaultFailing.class);
      vault.recover();
      RunningShipper.awaitAll(archive, primary, 1);
      assertThat(vault.log(WalNames.log(RunningShipper.STORE, system, 1)).extents()).hasSize(1);
      assertThat(archive.commitsAfter(system, 1, before)).hasSizeGreaterThanOrEqualTo(5);
      long xid = Long.parseLong(primary.query("select max(xmin::text::bigint) from t"));
      assertThat(archive.commitsAfter(system, 1, before)).extracting(WalCommit::xid).contains(xid);
    }
  }

  @Test
  void walThatIsGoneIsDeclaredAndShippingGoesOn() {
    try (TestPostgres primary =
        TestPostgres.create(17, "--wal-segsize=1")
            .set("max_slot_wal_keep_size", "2MB")
            .set("min_wal_size", "2MB")
            .set("max_wal_size", "4MB")
            .start()) {
      try (RunningShipper shipper = RunningShipper.of(vault, primary, "postgres-0")) {
        shipper.awaitEvent(ShipEvent.Sealed.class);
      }
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> primary.query("select active from pg_replication_slots").equals("f"));
      primary.execute("create table t(x int)");
      for (int i = 0; i < 5; i++) {
        primary.execute("insert into t values (1)", "select pg_switch_wal()");
      }
      Lsn lost = primary.currentLsn();
      Instant then = Instant.parse(primary.query(NOW));
      for (int i = 0; i < 5; i++) {
        primary.execute("insert into t values (1)", "select pg_switch_wal()");
      }
      primary.execute("checkpoint");
      long system = RunningShipper.system(primary);
      try (RunningShipper shipper = RunningShipper.of(vault, primary, "postgres-0")) {
        shipper.awaitEvent(ShipEvent.SlotLost.class);
        ShipEvent.Gap gap = shipper.awaitEvent(ShipEvent.Gap.class);
        assertThat(gap.from()).isLessThan(gap.to());
        RunningShipper.awaitAll(archive, primary, 1);
        assertThat(vault.log(WalNames.log(RunningShipper.STORE, system, 1)).extents()).hasSize(2);
        assertThat(archive.newestRestorable(system, 1, gap.to())).isPresent();
        assertThat(lost).isBetween(gap.from(), gap.to());
        assertThat(find(system, "lsn:" + lost)).as("it lies in the gap").isEmpty();
        assertThat(find(system, then.toString()).flatMap(WalSearch.Found::commit))
            .as("what was committed last before it lies in the gap")
            .isEmpty();
      }
    }
  }

  private Optional<WalSearch.Found> find(long system, String goal) {
    LogExtent first = vault.log(WalNames.log(RunningShipper.STORE, system, 1)).extents().getFirst();
    return new WalSearch(archive, system, 1, (_, _) -> {})
        .find(RestoreGoal.parse(goal), new Lsn(first.from()), WalSearch.FAR);
  }

  @Test
  void aMissingPieceStopsTheServerAndDoesNotPromoteIt() {
    try (TestPostgres primary = TestPostgres.started(15);
        RunningShipper shipper = RunningShipper.of(vault, primary, "postgres-0")) {
      shipper.awaitEvent(ShipEvent.Sealed.class);
      primary.stop();
      try (TestPostgres restored = primary.coldCopy()) {
        primary.start();
        long system = RunningShipper.system(primary);
        Lsn start = Lsn.parse(primary.query("select redo_lsn from pg_control_checkpoint()"));
        primary.execute("select pg_switch_wal()", "create table t(x int)");
        Lsn inSecond = primary.currentLsn();
        primary.execute("select pg_switch_wal()", "insert into t values (1)");
        RunningShipper.awaitAll(archive, primary, 1);
        RestoreTarget target = archive.newestRestorable(system, 1, start).orElseThrow();
        MemoryVault.MemoryLog log = vault.log(WalNames.log(RunningShipper.STORE, system, 1));
        List<LogPiece> second = log.pieces(inSecond.value() - 1, inSecond.value()).toList();
        log.loseContent(second.getFirst().from());
        WalSpool spool = RunningFeeder.spool(restored, Duration.ofSeconds(20));
        try (RunningFeeder feeder =
            new RunningFeeder(archive, spool, FeederSettings.of(system, 1))) {
          RunningFeeder.recoverTo(restored, spool, target);
          restored.launch();
          assertThat(restored.awaitExit(Duration.ofSeconds(30))).isNotZero();
          assertThat(restored.log()).contains("could not restore file");
          assertThat(feeder.events).anyMatch(FeedEvent.Lost.class::isInstance);
          assertThat(Files.exists(restored.dataDirectory().resolve("recovery.signal"))).isTrue();
        }
      }
    }
  }

  @Test
  void twoShippersOfOneServerShareOneUnbrokenLog() {
    try (TestPostgres primary = TestPostgres.started(16);
        RunningShipper one = RunningShipper.of(vault, primary, "postgres-0");
        RunningShipper other = RunningShipper.of(vault, primary, "postgres-1")) {
      one.awaitEvent(ShipEvent.Shipping.class);
      other.awaitEvent(ShipEvent.Shipping.class);
      long system = RunningShipper.system(primary);
      primary.execute("create table t(x int)");
      Lsn before = primary.currentLsn();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> {
            primary.execute("insert into t values (1)");
            return !one.events(ShipEvent.Overtaken.class).isEmpty()
                || !other.events(ShipEvent.Overtaken.class).isEmpty();
          });
      RunningShipper.awaitAll(archive, primary, 1);
      int rows = Integer.parseInt(primary.query("select count(*) from t"));
      assertThat(vault.log(WalNames.log(RunningShipper.STORE, system, 1)).extents()).hasSize(1);
      assertThat(archive.commitsAfter(system, 1, before)).hasSizeGreaterThanOrEqualTo(rows);
      assertThat(one.events(ShipEvent.Conflict.class)).isEmpty();
      assertThat(other.events(ShipEvent.Conflict.class)).isEmpty();
    }
  }

  @Test
  void anotherServersWalOnTheSameTimelineIsRefused() {
    try (TestPostgres primary = TestPostgres.started(17)) {
      primary.stop();
      try (TestPostgres twin = primary.coldCopy()) {
        primary.start();
        primary.execute("create table mine(x int)");
        try (RunningShipper shipper = RunningShipper.of(vault, primary, "postgres-0")) {
          shipper.awaitEvent(ShipEvent.Shipping.class);
          RunningShipper.awaitAll(archive, primary, 1);
        }
        twin.start();
        twin.execute(
            "create table yours(x int)", "insert into yours select generate_series(1, 50000)");
        try (RunningShipper shipper = RunningShipper.of(vault, twin, "postgres-1")) {
          shipper.awaitEvent(ShipEvent.Conflict.class);
          assertThat(shipper.events(ShipEvent.Sealed.class)).isEmpty();
        }
      }
    }
  }
}
