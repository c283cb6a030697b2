package dev.chrysalis.postgres.agent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.PostgresServer;
import dev.chrysalis.postgres.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGConnection;

class MemberStatusIT {
  private static final Duration SOON = Duration.ofSeconds(5);
  @TempDir Path temp;

  static java.util.List<Integer> majors() {
    return TestPostgres.majors();
  }

  private static Map<String, String> statusOf(TestPostgres server) {
    return MemberStatus.read(new ServerConnection(server.server(), SOON), server.dataDirectory());
  }

  @ParameterizedTest
  @MethodSource("majors")
  void aRunningPrimaryIsDescribedFromBothSides(int major) {
    try (TestPostgres primary = TestPostgres.started(major, "--wal-segsize=1")) {
      primary.execute("checkpoint", "select pg_create_physical_replication_slot('vault', true)");
      Map<String, String> status = statusOf(primary);
      String identifier = primary.query("select system_identifier from pg_control_system()");
      assertThat(status)
          .containsEntry("server", "up")
          .containsEntry("role", "primary")
          .containsEntry("systemIdentifier", identifier)
          .containsEntry("timeline", "1")
          .containsEntry("slots", "1")
          .containsEntry("slot.0.name", "vault")
          .containsEntry("slot.0.walStatus", "reserved")
          .containsEntry("setting.wal_segment_size", "1048576")
          .containsEntry("setting.data_checksums", "on")
          .containsEntry("data", "initialised")
          .containsEntry("data.majorVersion", Integer.toString(major))
          .containsEntry("data.systemIdentifier", identifier)
          .containsEntry("data.state", "IN_PRODUCTION")
          .containsEntry("data.timeline", "1")
          .containsEntry("data.pageChecksums", "true")
          .containsEntry("data.segmentBytes", "1048576")
          .containsEntry(
              "data.checkpoint",
              primary.query("select checkpoint_lsn from pg_control_checkpoint()"))
          .containsEntry("data.redo", primary.query("select redo_lsn from pg_control_checkpoint()"))
          .containsKey("collation.icu")
          .doesNotContainKey("collation.stale")
          .containsKey("data.runningPid");

      primary.execute("update pg_collation set collversion = '0.1' where collname = 'de-x-icu'");
      assertThat(statusOf(primary).get("collation.stale"))
          .as("an index on text that was made with another version may be in the wrong order")
          .startsWith("1 collations of postgres: 0.1, now ");
    }
  }

  @Test
  void aStandbySaysFromWhomItStreamsAndItsPrimaryHowFarBehindItIs() {
    try (TestPostgres primary = TestPostgres.started(17);
        TestPostgres standby = primary.replica()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() ->
              assertThat(statusOf(primary))
                  .containsEntry("replicas", "1")
                  .containsEntry("replica.0.state", "streaming")
                  .containsEntry("replica.0.lagBytes", "0"));
      Map<String, String> status = statusOf(standby);
      assertThat(status)
          .containsEntry("role", "standby")
          .containsEntry("receiver.status", "streaming")
          .containsEntry("receiver.host", primary.host())
          .containsEntry("data.standbySignal", "true");
      standby.promote();
      assertThat(statusOf(standby)).containsEntry("role", "primary").containsEntry("timeline", "2");
    }
  }

  /// The control file learns of a timeline at the next restart point only, and the receiver is gone
  /// with its primary.
  @ParameterizedTest
  @MethodSource("majors")
  void aStandbyWhosePrimaryIsGoneIsOnTheTimelineThatItReplayed(int major) {
    try (TestPostgres old = TestPostgres.started(major);
        TestPostgres primary = old.replica();
        TestPostgres standby = primary.replica()) {
      old.stop();
      primary.promote();
      primary.execute("create table after as select 1 as one");
      Lsn end = primary.currentLsn();
      await(() ->
          assertThat(Lsn.parse(statusOf(standby).get("replayed"))).isGreaterThanOrEqualTo(end));

      primary.kill9();

      await(() -> assertThat(statusOf(standby)).doesNotContainKey("receiver.status"));
      assertThat(standby.query("select timeline_id from pg_control_checkpoint()")).isEqualTo("1");
      assertThat(statusOf(standby)).containsEntry("timeline", "2");
    }
  }

  private static void await(ThrowingRunnable assertion) {
    Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(assertion);
  }

  @Test
  void aStoppedServerIsDownAndItsDirectorySaysHowItEnded() throws IOException {
    try (TestPostgres server = TestPostgres.started(18)) {
      server.stop();
      assertThat(statusOf(server))
          .containsEntry("server", "down")
          .containsEntry("server.code", PostgresErrors.UNREACHABLE.toString())
          .containsEntry("data.state", "SHUT_DOWN")
          .doesNotContainKey("data.runningPid");
      server.start().kill9();
      assertThat(server.dataDirectory().resolve(PostmasterFile.NAME)).exists();
      assertThat(statusOf(server))
          .containsEntry("data.state", "IN_PRODUCTION")
          .doesNotContainKey("data.runningPid");
      byte[] control = Files.readAllBytes(server.dataDirectory().resolve(ControlFile.PATH));
      control[40] ^= 1;
      Files.write(server.dataDirectory().resolve(ControlFile.PATH), control);
      assertThat(statusOf(server))
          .containsEntry("data", "damaged")
          .containsEntry("data.why", "pg_control fails its checksum");
    }
  }

  /// So does one that replays its log after a crash, for a time that no test can rely on.
  @ParameterizedTest
  @MethodSource("majors")
  void aServerThatTakesNoConnectionsYetIsStarting(int major) {
    try (TestPostgres primary = TestPostgres.create(major);
        TestPostgres standby = primary.coldCopy()) {
      standby.follow(primary).set("hot_standby", "off").launch();

      await(() ->
          assertThat(statusOf(standby))
              .containsEntry("server", "down")
              .containsEntry("server.starting", "true"));
    }
  }

  @ParameterizedTest
  @MethodSource("majors")
  void aServerThatWaitsForItsClientsBeforeItStopsIsNotStarting(int major) throws Exception {
    try (TestPostgres server = TestPostgres.started(major);
        Connection _ = server.connect()) {
      signal("TERM", server.pid());

      await(() -> assertThat(statusOf(server)).containsEntry("server", "down"));
      assertThat(statusOf(server)).doesNotContainKey("server.starting");
    }
  }

  @Test
  void aServerThatStallsAfterTheLoginIsDown() throws Exception {
    Duration second = Duration.ofSeconds(1);
    try (TestPostgres server = TestPostgres.started(17)) {
      ServerConnection impatient = new ServerConnection(server.server(), second);
      try (Connection connection = impatient.openToLook()) {
        long session = connection.unwrap(PGConnection.class).getBackendPID();
        signal("STOP", session);
        assertThatThrownBy(() -> ServerStateReader.read(connection))
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).startsWith("08"));
        signal("CONT", session);
      }
      signal("STOP", server.pid());
      try {
        assertThat(MemberStatus.read(impatient, server.dataDirectory()))
            .containsEntry("server", "down")
            .containsEntry("server.code", PostgresErrors.UNREACHABLE.toString())
            .containsKey("server.error")
            .containsEntry("data", "initialised");
      } finally {
        signal("CONT", server.pid());
      }
      try (Connection holder = server.connect();
          Statement statement = holder.createStatement()) {
        holder.setAutoCommit(false);
        statement.execute("lock table pg_tablespace in access exclusive mode");
        assertThat(MemberStatus.read(impatient, server.dataDirectory()))
            .containsEntry("server", "down")
            .containsKey("server.error")
            .doesNotContainKey("role");
      }
    }
  }

  private static void signal(String name, long pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor())
        .isZero();
  }

  @Test
  void whatIsNoClusterIsTold() throws IOException {
    assertThat(DataDirectoryState.read(temp.resolve("none")))
        .isEqualTo(new DataDirectoryState.Missing());
    assertThat(DataDirectoryState.read(temp)).isEqualTo(new DataDirectoryState.Empty());
    Files.createDirectory(temp.resolve("lost+found"));
    assertThat(DataDirectoryState.read(temp)).isEqualTo(new DataDirectoryState.Empty());
    Files.writeString(temp.resolve("letter"), "dear");
    assertThat(DataDirectoryState.read(temp))
        .isEqualTo(new DataDirectoryState.Damaged("there is no PG_VERSION"));
  }

  @Test
  void aUnixSocketServesAsWellAsAnAddress() throws Exception {
    try (TestPostgres server = TestPostgres.started(17)) {
      PostgresServer local =
          new PostgresServer(
              server.room().toString(),
              server.port(),
              "postgres",
              "postgres",
              Optional.of(server.passwordFile()));
      try (Connection connection = new ServerConnection(local, SOON).open();
          Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery(
                  "select inet_client_addr() is null, repeat('x', 3000000), application_name"
                      + " from pg_stat_activity where pid = pg_backend_pid()")) {
        row.next();
        assertThat(row.getBoolean(1)).isTrue();
        assertThat(row.getString(2)).hasSize(3_000_000);
        assertThat(row.getString(3)).isEqualTo("chrysalis");
      }
      try (Connection connection = new ServerConnection(local, SOON).openReplication();
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
        row.next();
        assertThat(Lsn.parse(row.getString("xlogpos")).value()).isPositive();
      }
    }
  }

  @Test
  void aWrongPasswordIsARefusalThatDoesNotNameIt() throws IOException {
    Path wrong = Files.writeString(temp.resolve("password"), "moth\n");
    try (TestPostgres server = TestPostgres.started(17)) {
      PostgresServer stranger =
          new PostgresServer(
              server.host(), server.port(), "postgres", "postgres", Optional.of(wrong));
      assertThatThrownBy(() -> new ServerConnection(stranger, SOON).open())
          .isInstanceOfSatisfying(
              ChrysalisException.class,
              e -> {
                assertThat(e.code()).isEqualTo(PostgresErrors.REFUSED_LOGIN);
                assertThat(e.getMessage()).doesNotContain("moth");
              });
      PostgresServer elsewhere =
          new PostgresServer(server.host(), 5999, "postgres", "postgres", Optional.of(wrong));
      assertThatThrownBy(() -> new ServerConnection(elsewhere, SOON).open())
          .isInstanceOfSatisfying(
              ChrysalisException.class,
              e -> assertThat(e.code()).isEqualTo(PostgresErrors.UNREACHABLE));
    }
  }
}
