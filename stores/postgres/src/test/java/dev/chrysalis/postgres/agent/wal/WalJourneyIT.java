package dev.chrysalis.postgres.agent.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.TestPostgres;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WalJourneyIT {
  private final Vault vault =
      VaultRepository.create(
          new MemoryBackend(),
          Passphrase.of("pupa".toCharArray()),
          new SecureRandom(),
          Clock.systemUTC(),
          VaultOptions.defaults(),
          1000);
  private final WalArchive archive = new WalArchive(vault, RunningShipper.STORE);

  @ParameterizedTest
  @MethodSource("dev.chrysalis.postgres.TestPostgres#majors")
  void everyAcknowledgedRowComesBackOnANewTimeline(int major) {
    try (TestPostgres primary = TestPostgres.started(major);
        RunningShipper shipper = RunningShipper.of(vault, primary, "postgres-0")) {
      shipper.awaitEvent(ShipEvent.Sealed.class);
      primary.execute("create table t(x int)");
      primary.stop();
      long system;
      try (TestPostgres restored = primary.coldCopy()) {
        primary.start();
        system = RunningShipper.system(primary);
        Lsn start = Lsn.parse(primary.query("select redo_lsn from pg_control_checkpoint()"));
        primary.execute(
            "insert into t select generate_series(1, 1000)",
            "select pg_switch_wal()",
            "select pg_create_restore_point('before')",
            "insert into t values (1001)");
        Instant before = Instant.now();
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() ->
                archive
                    .recoveryPoint(Instant.now())
                    .filter(p -> p.asOf().isAfter(before))
                    .isPresent());
        RunningShipper.awaitAll(archive, primary, 1);
        primary.kill9();
        RestoreTarget target = archive.newestRestorable(system, 1, start).orElseThrow();
        assertThat(target.timeline()).isEqualTo(1);
        assertThat(target.newestCommit()).isPresent();
        recover(restored, target);
        assertThat(restored.query("select count(*) || ' ' || max(x) from t"))
            .isEqualTo("1001 1001");
      }
      assertThat(shipper.events(ShipEvent.Gap.class)).isEmpty();
      assertThat(shipper.events(ShipEvent.Conflict.class)).isEmpty();
    }
  }

  private void recover(TestPostgres restored, RestoreTarget target) {
    WalSpool spool = RunningFeeder.spool(restored, Duration.ofSeconds(20));
    try (RunningFeeder feeder =
        new RunningFeeder(archive, spool, FeederSettings.of(target.system(), target.timeline()))) {
      RunningFeeder.recoverTo(restored, spool, target);
      restored.start();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> restored.query("select pg_get_wal_replay_pause_state()").equals("paused"));
      Lsn replayed = Lsn.parse(restored.query("select pg_last_wal_replay_lsn()"));
      assertThat(replayed).isGreaterThan(target.lastRecord());
      restored.execute("select pg_wal_replay_resume()");
      restored.awaitPrimary();
      restored.execute("checkpoint");
      assertThat(RunningShipper.timeline(restored)).isEqualTo(target.timeline() + 1);
      assertThat(feeder.events).noneMatch(FeedEvent.Lost.class::isInstance);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.postgres.TestPostgres#majors")
  void aPromotedReplicaGoesOnShippingAndARestoreCrossesTheSwitch(int major) {
    try (TestPostgres primary = TestPostgres.started(major)) {
      primary.execute("create table t(x int)");
      primary.stop();
      try (TestPostgres restored = primary.coldCopy();
          TestPostgres replica = primary.start().replica();
          RunningShipper first = RunningShipper.of(vault, primary, "postgres-0");
          RunningShipper second = RunningShipper.of(vault, replica, "postgres-1")) {
        long system = RunningShipper.system(primary);
        Lsn start = Lsn.parse(restoredStart(primary));
        second.awaitEvent(ShipEvent.StandingBy.class);
        first.awaitEvent(ShipEvent.Shipping.class);
        insert(primary, 1, 10);
        RunningShipper.awaitAll(archive, primary, 1);
        Lsn end = primary.currentLsn();
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() ->
                Lsn.parse(replica.query("select pg_last_wal_replay_lsn()")).compareTo(end) >= 0);
        primary.kill9();
        replica.promote();
        insert(replica, 11, 20);
        RunningShipper.awaitAll(archive, replica, 2);
        assertThat(archive.history(system, 2)).isPresent();
        assertThat(archive.timelines(system)).extracting(Timeline::id).containsExactly(1, 2);
        RestoreTarget target = archive.newestRestorable(system, 1, start).orElseThrow();
        assertThat(target.timeline()).isEqualTo(2);
        recover(restored, target);
        assertThat(restored.column("select x from t order by x"))
            .isEqualTo(IntStream.rangeClosed(1, 20).mapToObj(Integer::toString).toList());
        assertThat(second.events(ShipEvent.Gap.class)).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.postgres.TestPostgres#majors")
  void goesBackToATransactionToJustBeforeItAndToANamedPoint(int major) {
    try (TestPostgres primary = TestPostgres.started(major)) {
      primary.execute("create table t(x int)");
      primary.stop();
      try (TestPostgres with = primary.coldCopy();
          TestPostgres without = primary.coldCopy();
          TestPostgres named = primary.coldCopy();
          RunningShipper shipper = RunningShipper.of(vault, primary.start(), "postgres-0")) {
        shipper.awaitEvent(ShipEvent.Shipping.class);
        Lsn start = Lsn.parse(restoredStart(primary));
        insert(primary, 1, 3);
        long xid =
            Long.parseLong(
                primary.query(
                    "with w as (insert into t values (4) returning 1)"
                        + " select pg_current_xact_id() from w"));
        insert(primary, 5, 6);
        primary.execute("select pg_create_restore_point('deploy-7')");
        insert(primary, 7, 9);
        RunningShipper.awaitAll(archive, primary, 1);
        long system = RunningShipper.system(primary);

        recover(with, find(system, start, "xid:" + xid));
        recover(without, find(system, start, "before-xid:" + xid));
        recover(named, find(system, start, "name:deploy-7"));

        assertThat(rows(with)).isEqualTo("1 2 3 4");
        assertThat(rows(without)).isEqualTo("1 2 3");
        assertThat(rows(named)).isEqualTo("1 2 3 4 5 6");
      }
    }
  }

  private RestoreTarget find(long system, Lsn from, String goal) {
    WalSearch.Found found =
        new WalSearch(archive, system, 1, (_, _) -> {})
            .find(RestoreGoal.parse(goal), from, WalSearch.FAR)
            .orElseThrow();
    return new RestoreTarget(
        system, 1, found.record(), found.next(), found.commit().map(WalCommit::at));
  }

  private static String rows(TestPostgres server) {
    return server.query("select string_agg(x::text, ' ' order by x) from t");
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void whatADeadServerNeverShippedIsSalvagedFromItsLog(int major) throws IOException {
    try (TestPostgres primary = TestPostgres.started(major)) {
      primary.execute("create table t(x int)");
      primary.stop();
      try (TestPostgres restored = primary.coldCopy()) {
        primary.start();
        long system = RunningShipper.system(primary);
        Lsn start = Lsn.parse(restoredStart(primary));
        try (RunningShipper shipper = RunningShipper.of(vault, primary, "postgres-0")) {
          shipper.awaitEvent(ShipEvent.Sealed.class);
          insert(primary, 1, 10);
          RunningShipper.awaitAll(archive, primary, 1);
        }
        insert(primary, 11, 20);
        primary.execute("select pg_switch_wal()");
        insert(primary, 21, 30);
        Lsn end = primary.currentLsn();
        primary.kill9();
        Files.delete(primary.dataDirectory().resolve("global/pg_control"));

        WalSalvage.Outcome.Read read = (WalSalvage.Outcome.Read) salvage(primary).run();
        WalSalvage.Outcome.Read again = (WalSalvage.Outcome.Read) salvage(primary).run();

        assertThat(read.commits()).isGreaterThanOrEqualTo(20);
        assertThat(read.to()).isGreaterThanOrEqualTo(end);
        assertThat(again.bytes()).isZero();
        recover(restored, archive.newestRestorable(system, 1, start).orElseThrow());
        assertThat(restored.column("select x from t order by x"))
            .isEqualTo(IntStream.rangeClosed(1, 30).mapToObj(Integer::toString).toList());
      }
    }
  }

  private WalSalvage salvage(TestPostgres server) {
    return new WalSalvage(
        vault, RunningShipper.STORE, server.dataDirectory().resolve("pg_wal"), (_, _) -> {});
  }

  private static String restoredStart(TestPostgres primary) {
    return primary.query("select redo_lsn from pg_control_checkpoint()");
  }

  private static void insert(TestPostgres server, int from, int to) {
    List<String> inserts =
        IntStream.rangeClosed(from, to).mapToObj("insert into t values (%d)"::formatted).toList();
    server.execute(inserts.toArray(String[]::new));
  }
}
