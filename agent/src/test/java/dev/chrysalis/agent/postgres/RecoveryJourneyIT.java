package dev.chrysalis.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chrysalis.agent.postgres.AgentCommand.Ended;
import dev.chrysalis.platform.job.JobState;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.TestPostgres;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.DirectoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The whole way by the command line: a server under load is backed up and shipped, destroyed,
/// restored and brought back.
final class RecoveryJourneyIT {
  /// Writes that are on their way while the clock is asked.
  private static final int UNDER_WAY = 20;

  private static final String PASSPHRASE = "chrysalis and butterfly";

  @TempDir private Path directory;
  private TestPostgres primary;
  private Path vaultDirectory;
  private Path restored;
  private AgentCommand agent;

  @BeforeEach
  void setUp() {
    vaultDirectory = directory.resolve("vault");
    try (Vault _ =
        VaultRepository.create(
            DirectoryBackend.create(vaultDirectory),
            Passphrase.of(PASSPHRASE.toCharArray()),
            new SecureRandom(),
            Clock.systemUTC(),
            VaultOptions.defaults(),
            1_000)) {
      start(17);
    }
  }

  private void start(int major) {
    primary = TestPostgres.create(major).set("max_slot_wal_keep_size", "1GB").start();
    restored = primary.room().resolve("restored");
    agent = configured(AgentCommand.beside(primary));
  }

  private static List<Integer> majors() {
    return TestPostgres.majors();
  }

  private AgentCommand configured(AgentCommand command) {
    return command
        .with("CHRYSALIS_VAULT", vaultDirectory.toString())
        .with("CHRYSALIS_PASSPHRASE", PASSPHRASE)
        .with("CHRYSALIS_SPOOL", directory.resolve("spool").toString())
        // The server runs as another user when the tests run as root.
        .with("CHRYSALIS_WAL_SPOOL", primary.room().resolve("wal").toString());
  }

  @AfterEach
  void tearDown() throws IOException {
    for (long pid : jobProcesses()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }
    primary.close();
  }

  @ParameterizedTest
  @MethodSource("majors")
  void aServerUnderLoadIsBackedUpShippedDestroyedAndBroughtBackWithoutLoss(int major)
      throws Exception {
    primary.close();
    start(major);
    Process ship = agent.fork(directory.resolve("ship.log"), "postgres", "ship", "-o", "json");
    long acknowledged;
    long before;
    long behind;
    Instant moment;
    leaveSlotOfKilledBackup();
    try (Load load = new Load(primary)) {
      Map<String, String> backup = agent.result("backup-1", "postgres", "backup");
      assertThat(backup).containsEntry("timeline", "1").containsKeys("snapshot", "newBytes");
      assertThat(primary.column("select slot_name from pg_replication_slots"))
          .containsExactly("chrysalis_postgres_0");
      long atBackup = load.acknowledged();
      await().until(() -> load.acknowledged() > atBackup + 100);
      before = load.acknowledged();
      moment = Instant.parse(primary.query("select to_json(clock_timestamp())#>>'{}'"));
      behind = load.acknowledged() + UNDER_WAY;
      await().until(() -> load.acknowledged() > atBackup + 200);
      load.stop();
      acknowledged = load.acknowledged();
      Lsn end = primary.currentLsn();
      await().atMost(Duration.ofSeconds(30)).until(() -> covered().compareTo(end) >= 0);
    } finally {
      ship.destroyForcibly().waitFor();
    }
    primary.kill9();

    AgentCommand beside = configured(AgentCommand.beside(primary)).with("PGDATA", "" + restored);
    Map<String, String> restore = beside.result("restore-1", "postgres", "restore");
    assertThat(restore).containsEntry("timeline", "1");
    try (TestPostgres server = TestPostgres.over(major, restored)) {
      AgentCommand there =
          configured(AgentCommand.beside(server))
              .with("PGPASSWORD_FILE", primary.passwordFile().toString());
      there.start("feed-1", 1, "postgres", "feed", "--timeline", "1");
      server.launch();
      Ended reached =
          there.run("postgres", "await-target", "--to", "lsn:" + restore.get("targetLsn"));
      assertThat(reached.code()).as(reached.err()).isZero();
      assertThat(server.query("select count(*) || ' ' || max(n) from ledger"))
          .isEqualTo(acknowledged + " " + acknowledged);
      Map<String, String> ended = there.result("end-1", "postgres", "end-recovery");
      assertThat(ended).containsEntry("timeline", "2").containsEntry("already", "false");
      assertThat(there.result("feed-1")).containsEntry("ended", "recovery");
      server.execute("insert into ledger values (0, 'written after the recovery')");
      assertThat(there.run("postgres", "end-recovery").out()).contains("already: true");
    }
    Path halfway = primary.room().resolve("middle");
    Ended middle = agent.run("postgres", "restore", "--data", "" + halfway, "--to", "" + moment);
    Instant commit = Instant.parse(value(middle, "lastCommitTime"));
    assertThat(commit).isBetween(moment.minusSeconds(10), moment);
    assertThat(Lsn.parse(value(middle, "targetLsn")))
        .isLessThan(Lsn.parse(restore.get("targetLsn")));
    try (TestPostgres server = TestPostgres.over(major, halfway)) {
      AgentCommand other =
          configured(AgentCommand.beside(server))
              .with("PGPASSWORD_FILE", primary.passwordFile().toString());
      other.start("feed-2", 1, "postgres", "feed", "--timeline", "1");
      server.launch();
      Ended reached =
          other.run("postgres", "await-target", "--to", "lsn:" + value(middle, "targetLsn"));
      assertThat(reached.code()).as(reached.err()).isZero();
      assertThat(Long.parseLong(server.query("select max(n) from ledger")))
          .as("nothing older is missing, nothing newer is there")
          .isBetween(before, behind)
          .isEqualTo(Long.parseLong(server.query("select count(*) from ledger")));
      Map<String, String> _ = other.result("end-2", "postgres", "end-recovery");
    }
  }

  @Test
  void aServerThatNobodyShipsIsBackedUpAllTheSameAndKeepsNoSlot() throws Exception {
    primary.execute("create table t as select generate_series(1, 1000) as n");

    Ended backup = agent.run("postgres", "backup", "-o", "json");

    assertThat(backup.code()).as(backup.err()).isZero();
    assertThat(backup.out()).contains("nobody ships this server's WAL");
    assertThat(primary.query("select count(*) from pg_replication_slots")).isEqualTo("0");
  }

  @Test
  void aBackupAndARestoreThatWereKilledGoOnWithTheNextAttempt() throws Exception {
    primary.execute(
        "create table t as select n, repeat('x', 900) from generate_series(1, 50000) n");
    agent.start("backup-1", 1, "postgres", "backup", "--threads", "1");
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> says("backup-1", "copying files"));
    kill("backup-1");
    assertThat(agent.state("backup-1")).isEqualTo(new JobState.Lost(1));
    agent.start("backup-1", 2, "postgres", "backup", "--threads", "1");
    agent.result("backup-1");
    assertThat(primary.query("select count(*) from pg_replication_slots")).isEqualTo("0");
    primary.kill9();

    AgentCommand beside = configured(AgentCommand.beside(primary)).with("PGDATA", "" + restored);
    beside.start("restore-1", 1, "postgres", "restore", "--threads", "1");
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> Files.exists(restored.resolve("chrysalis-restore.json")));
    kill("restore-1");
    assertThat(beside.state("restore-1")).isEqualTo(new JobState.Lost(1));
    Ended other = beside.run("postgres", "restore", "--name", "another");
    assertThat(other.err()).startsWith("error CHR-5008:");
    beside.start("restore-1", 2, "postgres", "restore", "--threads", "1");
    Map<String, String> restore = beside.result("restore-1");

    assertThat(restore).containsKey("targetLsn");
    assertThat(restored.resolve("chrysalis-restored.json")).exists();
    assertThat(restored.resolve("recovery.signal")).exists();
  }

  @Test
  void whatCannotBeRestoredIsRefusedBeforeAnythingIsTouched() throws Exception {
    Ended none = restore();
    assertThat(none.code()).isEqualTo(14);
    assertThat(none.err()).startsWith("error CHR-5010: the vault holds no snapshot of postgres");

    Ended backup = agent.run("postgres", "backup");
    assertThat(backup.code()).as(backup.err()).isZero();
    Ended occupied = agent.run("postgres", "restore");
    assertThat(occupied.code()).isEqualTo(11);
    assertThat(occupied.err()).startsWith("error CHR-50").contains("hint: ");

    agent.with("CHRYSALIS_PASSPHRASE", "another");
    Ended locked = agent.run("postgres", "restore", "--data", restored.toString());
    assertThat(locked.code()).isEqualTo(18);
    assertThat(locked.err()).startsWith("error CHR-4201:").hasLineCount(2);
    agent.with("CHRYSALIS_PASSPHRASE", PASSPHRASE);

    Ended past = restore("--to", "lsn:F/0");
    assertThat(past.err()).startsWith("error CHR-5030:").contains("nothing was touched");

    Files.delete(aPack());
    Ended missing = restore();
    assertThat(missing.code()).as(missing.err()).isEqualTo(14);
    assertThat(missing.err()).contains("hint: nothing was touched");
    assertThat(restored).doesNotExist();
  }

  /// Beside a shipper at work, so that the next backup has no use for that slot.
  private void leaveSlotOfKilledBackup() {
    primary.execute(
        "select pg_create_physical_replication_slot('chrysalis_backup_of_postgres_0', true)");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            primary.query("select count(*) from pg_replication_slots where active").equals("1"));
  }

  private Ended restore(String... more) {
    return agent.run(
        Stream.concat(
                Stream.of("postgres", "restore", "--data", restored.toString()), Stream.of(more))
            .toArray(String[]::new));
  }

  private static String value(Ended ended, String name) {
    String begin = "  " + name + ": ";
    return ended
        .out()
        .lines()
        .filter(l -> l.startsWith(begin))
        .map(l -> l.substring(begin.length()))
        .findFirst()
        .orElseThrow(() -> new AssertionError(ended.toString()));
  }

  private Path aPack() throws IOException {
    try (Stream<Path> objects = Files.walk(vaultDirectory.resolve("packs"))) {
      return objects.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
  }

  private Lsn covered() {
    Ended status = agent.run("postgres", "status", "--with-vault");
    return status
        .out()
        .lines()
        .filter(l -> l.startsWith("vault.covered: "))
        .map(l -> Lsn.parse(l.substring("vault.covered: ".length())))
        .findFirst()
        .orElse(new Lsn(0));
  }

  private boolean says(String job, String text) throws IOException {
    Path events = directory.resolve("spool/jobs").resolve(job).resolve("events.jsonl");
    return Files.exists(events) && Files.readString(events).contains(text);
  }

  private void kill(String job) throws IOException {
    long pid = pid(directory.resolve("spool/jobs").resolve(job)).orElseThrow();
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    await().until(() -> agent.state(job) instanceof JobState.Lost);
  }

  private List<Long> jobProcesses() throws IOException {
    Path jobs = directory.resolve("spool/jobs");
    if (!Files.isDirectory(jobs)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(jobs)) {
      return all.filter(
              job -> agent.state(job.getFileName().toString()) instanceof JobState.Running)
          .flatMap(job -> pid(job).stream())
          .toList();
    }
  }

  private static Optional<Long> pid(Path job) {
    try {
      String process = Files.readString(job.resolve("process.json"));
      return Optional.of(Long.parseLong(process.replaceAll(".*\"pid\":([0-9]+).*\\s*", "$1")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
