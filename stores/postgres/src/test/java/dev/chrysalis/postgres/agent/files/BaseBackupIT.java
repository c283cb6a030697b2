package dev.chrysalis.postgres.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.LeftOvers;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.ServerUser;
import dev.chrysalis.postgres.TestPostgres;
import dev.chrysalis.postgres.agent.server.ControlFile;
import dev.chrysalis.postgres.agent.server.ServerConnection;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.DirectoryBackend;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BaseBackupIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final MemberId MEMBER = MemberId.parse("postgres-0");

  private final ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();
  private Path temp = Path.of(".");
  private Vault vault = new MemoryVault();

  static List<Integer> majors() {
    return TestPostgres.majors();
  }

  @BeforeEach
  void makeRoom() throws IOException {
    // Not JUnit's own directory: the server's user must be able to enter it.
    temp = Files.createTempDirectory("chrysalis-backup");
    Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
    ServerUser.own(temp);
    vault =
        VaultRepository.create(
            DirectoryBackend.create(temp.resolve("vault")),
            Passphrase.of("chrysalis".toCharArray()),
            new SecureRandom(),
            Clock.systemUTC(),
            VaultOptions.defaults().withPacks(1 << 20, 4).withSpool(temp),
            1000);
  }

  @AfterEach
  void removeRoom() throws IOException {
    vault.close();
    Files.walkFileTree(temp, new LeftOvers(temp));
    Files.delete(temp);
  }

  private Snapshot backup(TestPostgres server, WalCoverageWait coverage, Runnable whileCopying) {
    AtomicBoolean told = new AtomicBoolean();
    CopyProgress progress =
        new CopyProgress() {
          @Override
          public void progress(String stage, long done, long total) {
            if (stage.equals("copying files") && !told.getAndSet(true)) {
              whileCopying.run();
            }
          }

          @Override
          public void note(String text) {
            notes.add(text);
          }
        };
    return new BaseBackup(
            new ServerConnection(server.server(), Duration.ofSeconds(10)),
            vault,
            coverage,
            progress,
            2)
        .run(new BaseBackup.Request("postgres", MEMBER, server.dataDirectory(), true));
  }

  private Snapshot backup(TestPostgres server) {
    return backup(server, (timeline, from, to) -> {}, () -> {});
  }

  private Path restore(Snapshot snapshot, RecoverySettings recovery) {
    Path data = temp.resolve("restored");
    new FileRestore(vault, CopyProgress.silent(), 2)
        .run(
            new FileRestore.Request(
                new JobId("restore-1"),
                "postgres",
                snapshot.id(),
                data,
                TablespacePlaces.under(temp.resolve("spaces")),
                recovery));
    return data;
  }

  private static RecoverySettings toName(TestPostgres source, String name) {
    return new RecoverySettings.ToTarget(
        new RecoveryTarget.AtName(name),
        1,
        "cp '" + source.dataDirectory() + "/pg_wal/%f' '%p'",
        Map.of("archive_mode", "off"));
  }

  private static TestPostgres source(int major) {
    return TestPostgres.create(major, "--wal-segsize=1").set("wal_keep_size", "512MB").start();
  }

  private static void assertRefused(ErrorCode code, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  /// Writes until it is closed: inserts, updates, and tables that come and go.
  private static final class Writing implements AutoCloseable {
    private final AtomicBoolean go = new AtomicBoolean(true);
    private final Thread thread;

    Writing(TestPostgres server) {
      thread = Thread.ofPlatform().start(() -> write(server));
    }

    private void write(TestPostgres server) {
      try (Connection connection = server.connect();
          Statement statement = connection.createStatement()) {
        for (int i = 0; go.get(); i++) {
          statement.execute(
              "insert into t select g, repeat('x', 100) from generate_series(1,50) g");
          statement.execute("update t set note = note || 'y' where x = " + i % 50);
          statement.execute("create table passing as select g from generate_series(1, 1000) g");
          statement.execute("drop table passing");
          if (i % 20 == 19) {
            statement.execute("truncate shrinking");
            statement.execute("checkpoint");
          }
          statement.execute("insert into shrinking select generate_series(1, 5000)");
        }
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      go.set(false);
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("majors")
  void aBackupTakenWhileTheServerWritesRecoversToTheSameData(int major) throws IOException {
    try (TestPostgres source = source(major)) {
      Path space = Files.createDirectory(temp.resolve("space"));
      ServerUser.own(space);
      source.execute(
          "create tablespace fast location '" + space + "'",
          "create table t(x int, note text)",
          "create table shrinking(x int)",
          "create unlogged table volatile as select generate_series(1, 1000)",
          "create table placed tablespace fast as select generate_series(1, 20000) as x",
          "create index on placed(x)");
      Snapshot snapshot;
      try (Writing writing = new Writing(source)) {
        Awaitility.await().until(() -> !source.query("select 1 from t limit 1").isEmpty());
        snapshot = backup(source);
        assertThat(writing.thread.isAlive()).isTrue();
      }
      String digest = "select md5(string_agg(x || note, ',' order by x, note)) || count(*) from t";
      String expected = source.query(digest);
      source.execute("select pg_create_restore_point('here')", "insert into t values (0, 'late')");
      source.execute("select pg_switch_wal()");
      BackupFacts facts = BackupFacts.fromMap(snapshot.facts());
      assertThat(facts.majorVersion()).isEqualTo(major);
      assertThat(facts.pageChecksums()).isTrue();
      assertThat(facts.damagedPages()).isZero();
      assertThat(facts.stopLsn()).isGreaterThan(facts.startLsn());
      assertThat(facts.collations()).containsKey("icu");
      assertThat(facts.extensions()).containsEntry("plpgsql", "1.0");
      Path data = restore(snapshot, toName(source, "here"));
      assertThat(data.resolve("pg_wal")).isDirectoryNotContaining("glob:**0000*");
      try (TestPostgres restored = TestPostgres.over(major, data)) {
        restored.start();
        Awaitility.await()
            .atMost(PATIENCE)
            .until(() -> restored.query("select pg_get_wal_replay_pause_state()").equals("paused"));
        assertThat(restored.query(digest)).isEqualTo(expected);
        restored.promote();
        assertThat(restored.query("select count(*) from volatile")).isEqualTo("0");
        assertThat(restored.query("select sum(x) from placed")).isEqualTo("200010000");
        assertThat(
                restored.query(
                    "select pg_tablespace_location(oid) from pg_tablespace"
                        + " where spcname = 'fast'"))
            .startsWith(temp.resolve("spaces").toString());
      }
    }
  }

  @Test
  void aSecondBackupStoresOnlyWhatChanged() {
    try (TestPostgres source = source(17)) {
      source.execute("create table t as select g as x from generate_series(1, 50000) g");
      Snapshot first = backup(source);
      source.execute("insert into t values (1)");
      Snapshot second = backup(source);
      assertThat(second.newBytes()).isLessThan(first.newBytes() / 4);
      assertThat(second.bytes()).isGreaterThanOrEqualTo(first.bytes());
    }
  }

  /// As on Debian, where each package may put a file into `conf.d`.
  @Test
  void configurationThatIsIncludedFromElsewhereIsInTheBackup() throws IOException {
    Path own = Files.createDirectories(temp.resolve("conf.d")).resolve("50-own.conf");
    Files.writeString(own, "work_mem = '5MB'\n");
    ServerUser.own(own);
    try (TestPostgres source =
        TestPostgres.create(17, "--wal-segsize=1").set("include", own.toString()).start()) {
      assertThat(source.query("show work_mem")).isEqualTo("5MB");

      Path data = restore(backup(source), toName(source, "nowhere"));

      assertThat(data.resolve("chrysalis/config/50-own.conf")).hasContent("work_mem = '5MB'");
    }
  }

  @Test
  void aDamagedPageIsReportedAndTheBackupIsKept() throws IOException {
    try (TestPostgres source = source(18)) {
      source.execute("create table t as select g as x from generate_series(1, 5000) g");
      source.execute("checkpoint");
      String path = source.query("select pg_relation_filepath('t')");
      try (RandomAccessFile file =
          new RandomAccessFile(source.dataDirectory().resolve(path).toFile(), "rw")) {
        file.seek(2 * 8192 + 5000);
        file.write(0x5A);
        // A position that lies far ahead of the WAL is damage, too.
        file.seek(4 * 8192);
        file.write(0x5A);
      }
      BackupFacts facts = BackupFacts.fromMap(backup(source).facts());
      assertThat(facts.damagedPages()).isEqualTo(2);
      assertThat(facts.firstDamaged()).containsExactlyInAnyOrder(path + ":2", path + ":4");
      assertThat(notes).singleElement().asString().contains("2 damaged pages", path + ":2");
    }
  }

  @ParameterizedTest
  @MethodSource("majors")
  void aStandbyIsBackedUpAndARestoredCopyFollowsThePrimary(int major) throws IOException {
    try (TestPostgres primary = source(major);
        TestPostgres standby = primary.replica()) {
      primary.execute(
          "create table t as select 1 as x", "select pg_create_physical_replication_slot('copy')");
      Awaitility.await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> standby.query("select x from t").equals("1"));
      Snapshot snapshot = backup(standby);
      assertThat(snapshot.facts()).containsEntry("role", "standby");
      primary.execute("insert into t values (2)");
      Path passwords = temp.resolve("pgpass");
      Files.writeString(passwords, "*:*:*:*:" + TestPostgres.PASSWORD + "\n");
      Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-------"));
      ServerUser.own(passwords);
      Path data =
          restore(
              snapshot,
              new RecoverySettings.AsStandby(
                  primary.host(),
                  primary.port(),
                  "postgres",
                  Optional.of(passwords),
                  "copy",
                  "copy",
                  "cp '" + primary.dataDirectory() + "/pg_wal/%f' '%p'"));
      try (TestPostgres copy = TestPostgres.over(major, data).start()) {
        Awaitility.await()
            .atMost(PATIENCE)
            .until(() -> copy.query("select count(*) from t").equals("2"));
        Awaitility.await()
            .atMost(PATIENCE)
            .until(() -> primary.query("select active from pg_replication_slots").equals("t"));
      }
    }
  }

  @Test
  void aStandbyThatIsPromotedDuringItsBackupFailsIt() {
    try (TestPostgres primary = source(17);
        TestPostgres standby = primary.replica()) {
      assertRefused(
          PostgresErrors.PROMOTED_MEANWHILE,
          () -> backup(standby, (timeline, from, to) -> {}, standby::promote));
      assertThat(vault.snapshots("postgres")).isEmpty();
    }
  }

  @Test
  void aBackupWhoseWalIsNotInTheVaultStaysInvisible() {
    try (TestPostgres source = source(17)) {
      ConcurrentLinkedQueue<Lsn> asked = new ConcurrentLinkedQueue<>();
      assertRefused(
          PostgresErrors.NOT_COVERED,
          () ->
              backup(
                  source,
                  (timeline, from, to) -> {
                    asked.addAll(List.of(from, to));
                    throw new ChrysalisException(
                        PostgresErrors.NOT_COVERED, "nobody ships WAL", "ship it");
                  },
                  () -> {}));
      assertThat(vault.snapshots("postgres")).isEmpty();
      assertThat(asked).hasSize(2);
      assertThat(source.query("select pg_walfile_name('" + asked.peek() + "')")).isNotEmpty();
    }
  }

  @Test
  void theServersOwnDirectoryIsNeededAndNothingIsRestoredOverIt() {
    try (TestPostgres source = source(15);
        TestPostgres other = TestPostgres.create(15)) {
      assertRefused(
          PostgresErrors.OTHER_CLUSTER,
          () ->
              new BaseBackup(
                      new ServerConnection(source.server(), Duration.ofSeconds(10)),
                      vault,
                      (timeline, from, to) -> {},
                      CopyProgress.silent(),
                      1)
                  .run(new BaseBackup.Request("postgres", MEMBER, other.dataDirectory(), true)));
      Snapshot snapshot = backup(source);
      assertRefused(
          PostgresErrors.SERVER_RUNNING,
          () ->
              new FileRestore(vault, CopyProgress.silent(), 1)
                  .run(
                      new FileRestore.Request(
                          new JobId("restore-1"),
                          "postgres",
                          snapshot.id(),
                          source.dataDirectory(),
                          TablespacePlaces.under(temp),
                          toName(source, "here"))));
      assertThat(ControlFile.read(source.dataDirectory())).isPresent();
      assertThat(source.accepts()).isTrue();
    }
  }
}
