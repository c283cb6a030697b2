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
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What holds where nobody prepared a server for its feed, or the feed is gone.
final class FeedIT {
  private static final String PASSPHRASE = "chrysalis and butterfly";

  @TempDir private Path directory;
  private TestPostgres primary;

  @BeforeEach
  void setUp() {
    primary = TestPostgres.create(17).set("max_slot_wal_keep_size", "1GB").start();
    try (Vault _ =
        VaultRepository.create(
            DirectoryBackend.create(directory.resolve("vault")),
            Passphrase.of(PASSPHRASE.toCharArray()),
            new SecureRandom(),
            Clock.systemUTC(),
            VaultOptions.defaults(),
            1_000)) {
      primary.execute("create table t(n int)");
    }
  }

  @AfterEach
  void tearDown() throws IOException {
    if (jobPid() > 0) {
      kill();
    }
    primary.close();
  }

  private AgentCommand beside(TestPostgres server) {
    return AgentCommand.beside(server)
        .with("CHRYSALIS_VAULT", directory.resolve("vault").toString())
        .with("CHRYSALIS_PASSPHRASE", PASSPHRASE)
        .with("PGPASSWORD_FILE", primary.passwordFile().toString())
        .with("CHRYSALIS_SPOOL", directory.resolve("spool").toString())
        .with("CHRYSALIS_WAL_SPOOL", server.room().resolve("wal").toString());
  }

  @Test
  void aStandbyThatWouldNotAskTheVaultCatchesUpFromItAndIsPromotedAlthoughItsFeedDied()
      throws Exception {
    try (TestPostgres standby = primary.replica()) {
      standby.stop();
      Process ship =
          beside(primary).fork(directory.resolve("ship.log"), "postgres", "ship", "-o", "json");
      try {
        primary.execute("insert into t select generate_series(1, 1000)", "select pg_switch_wal()");
        primary.execute("insert into t values (1001)");
        Lsn end = primary.currentLsn();
        await().atMost(Duration.ofSeconds(30)).until(() -> covered().compareTo(end) >= 0);
      } finally {
        ship.destroyForcibly().waitFor();
      }
      primary.kill9();
      standby.start();
      AgentCommand there = beside(standby);
      assertThat(standby.query("select count(*) from t")).isEqualTo("0");
      assertThat(standby.query("show restore_command")).isEmpty();

      there.start("feed", 1, "postgres", "feed", "--standby");

      await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> standby.query("select count(*) from t").equals("1001"));
      assertThat(standby.query("show restore_command")).contains("fetch-wal");
      assertThat(events()).contains("the server's restore_command was empty: it is told ours");
      kill();
      Ended promoted =
          there.run("postgres", "promote", "--expect-timeline", "1", "--patience", "30");
      assertThat(promoted.code()).as(promoted.err()).isZero();
    }
  }

  @Test
  void aRecoveryIsEndedWhereTheFeedIsGone() throws Exception {
    primary.execute("insert into t select generate_series(1, 1000)");
    Path restored = primary.room().resolve("restored");
    AgentCommand agent = beside(primary).with("PGDATA", restored.toString());
    Ended backup = beside(primary).run("postgres", "backup");
    assertThat(backup.code()).as(backup.err()).isZero();
    primary.kill9();
    Map<String, String> restore = agent.result("restore", "postgres", "restore");
    try (TestPostgres server = TestPostgres.over(17, restored)) {
      AgentCommand there =
          beside(server).with("CHRYSALIS_WAL_SPOOL", primary.room().resolve("wal").toString());
      there.start("feed", 1, "postgres", "feed", "--timeline", "1");
      server.launch();
      String target = "lsn:" + restore.get("targetLsn");
      Ended reached = there.run("postgres", "await-target", "--to", target);
      assertThat(reached.code()).as(reached.err()).isZero();
      kill();

      Ended ended = there.run("postgres", "end-recovery", "--patience", "20");

      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(ended.out()).contains("nobody feeds the server").contains("timeline: 2");
      assertThat(primary.room().resolve("wal/idle")).exists();
      assertThat(server.query("select count(*) from t")).isEqualTo("1000");
    }
  }

  private Lsn covered() {
    return beside(primary)
        .run("postgres", "status", "--with-vault")
        .out()
        .lines()
        .filter(l -> l.startsWith("vault.covered: "))
        .map(l -> Lsn.parse(l.substring("vault.covered: ".length())))
        .findFirst()
        .orElse(new Lsn(0));
  }

  private String events() throws IOException {
    return Files.readString(job().resolve("events.jsonl"));
  }

  private Path job() {
    return directory.resolve("spool/jobs/feed");
  }

  private long jobPid() throws IOException {
    Path file = job().resolve("process.json");
    return Files.exists(file)
        ? Long.parseLong(Files.readString(file).replaceAll(".*\"pid\":([0-9]+).*\\s*", "$1"))
        : 0;
  }

  private void kill() throws IOException {
    if (beside(primary).state("feed") instanceof JobState.Running) {
      ProcessHandle.of(jobPid()).ifPresent(ProcessHandle::destroyForcibly);
      await().until(() -> !(beside(primary).state("feed") instanceof JobState.Running));
    }
  }
}
