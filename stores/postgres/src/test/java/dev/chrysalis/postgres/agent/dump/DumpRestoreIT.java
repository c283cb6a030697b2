package dev.chrysalis.postgres.agent.dump;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.ServerUser;
import dev.chrysalis.postgres.TestPostgres;
import dev.chrysalis.postgres.agent.server.PostmasterFile;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Dumps of a real server by the machine's `pg_dump`, restored by its `psql`.
class DumpRestoreIT {
  private static final String KEY = "postgres/2025-12-03/backup.sql.gz";
  private static final int ROWS = 20_000;

  private static TestPostgres source;
  private static byte[] sql;

  @TempDir Path folder;
  private final MemoryBackend bucket = new MemoryBackend();
  private Path volume;

  static List<Integer> majors() {
    return TestPostgres.majors();
  }

  @BeforeAll
  static void dumpADatabase() {
    source = TestPostgres.started(15);
    source.execute(
        "create role butterfly login password 'wing'",
        "create table rims (id bigint primary key, value text)",
        "alter table rims owner to butterfly",
        "insert into rims select n, 'value ' || n from generate_series(1, " + ROWS + ") n",
        "create table parts (at int) partition by range (at)",
        "create table parts_1 partition of parts for values from (0) to (10)",
        "insert into parts select n % 10 from generate_series(1, 100) n",
        "create table parent (x int)",
        "create table child () inherits (parent)",
        "insert into parent values (1)",
        "insert into child values (2), (3)",
        "create policy own on rims to butterfly using (true)",
        "select lo_from_bytea(0, 'a large object')",
        "create function shout(t text) returns text language sql as 'select upper(t)'");
    sql = source.dump();
  }

  @AfterAll
  static void stop() {
    source.close();
  }

  @BeforeEach
  void makeAVolume() throws IOException {
    volume = Files.createDirectory(folder.resolve("volume"));
    ServerUser.own(volume);
    for (Path above = folder; above != null; above = above.getParent()) {
      if (Files.getOwner(above).equals(Files.getOwner(folder))) {
        above.toFile().setExecutable(true, false);
      }
    }
  }

  private DumpSource stored(byte[] text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    bucket.delete(KEY);
    Backend.Created _ = bucket.create(KEY, Body.of(bytes.toByteArray()));
    return new DumpSource(bucket, KEY, CopyProgress.silent());
  }

  private static byte[] with(String more) {
    return new String(sql, UTF_8)
        .replace(
            "-- PostgreSQL database dump complete", more + "\n-- PostgreSQL database dump complete")
        .getBytes(UTF_8);
  }

  private Optional<DumpContents> restore(int major, String job, DumpSource dump, String sha256) {
    List<Path> path = Arrays.stream(System.getenv("PATH").split(":", -1)).map(Path::of).toList();
    return new DumpRestore(
            new ServerPrograms(TestPostgres.programs(major), path), CopyProgress.silent())
        .run(
            new DumpRestore.Request(
                new JobId(job), dump, sha256, volume.resolve("data"), database()));
  }

  private Optional<DumpContents> restore(String job, DumpSource dump) {
    return restore(15, job, dump, dump.check().sha256());
  }

  private FreshDatabase database() {
    Path password = source.passwordFile();
    return new FreshDatabase(
        "postgres",
        password,
        "perception",
        "butterfly",
        List.of(new FreshDatabase.Role("butterfly", password)),
        "C",
        null);
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.list(volume)) {
      return files.map(file -> "" + file.getFileName()).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("majors")
  void restoresADumpIntoAFreshClusterOfEachVersion(int major) throws IOException {
    DumpSource dump = stored(sql);

    DumpContents restored = restore(major, "run-1", dump, dump.check().sha256()).orElseThrow();

    assertThat(restored.allRows()).isEqualTo(ROWS + 100 + 3);
    assertThat(left()).containsExactly("data");
    try (TestPostgres server = TestPostgres.over(major, volume.resolve("data")).start()) {
      assertThat(server.queryIn("perception", "select count(*) || ' ' || sum(id) from rims"))
          .isEqualTo(ROWS + " " + (long) ROWS * (ROWS + 1) / 2);
      assertThat(
              server.queryIn(
                  "perception", "select tableowner from pg_tables where tablename = 'rims'"))
          .isEqualTo("butterfly");
      assertThat(server.queryIn("perception", "select shout(value) from rims where id = 7"))
          .isEqualTo("VALUE 7");
      assertThat(
              server.queryIn(
                  "perception", "select reltuples::bigint from pg_class where relname = 'rims'"))
          .as("the planner knows the tables")
          .isEqualTo("" + ROWS);
    }
  }

  @Test
  void doesNothingASecondTime() throws IOException {
    DumpSource dump = stored(sql);
    assertThat(restore("run-1", dump)).isPresent();

    assertThat(restore("run-1", dump)).isEmpty();
    assertThatThrownBy(() -> restore("run-2", dump))
        .hasMessageContaining("holds something already");
  }

  @Test
  void leavesNothingOfADumpThatFailsAtItsEnd() throws IOException {
    DumpSource dump = stored(with("ALTER TABLE nowhere ADD x int;"));

    assertThatThrownBy(() -> restore("run-1", dump))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(PostgresErrors.DUMP_FAILED))
        .hasMessageContaining("relation \"nowhere\" does not exist");
    assertThat(left()).doesNotContain("data");
    assertThat(restore("run-2", stored(sql))).as("a later attempt clears it away").isPresent();
    assertThat(left()).containsExactly("data");
  }

  @Test
  void runsNoProgramThatADumpNames() {
    Path trace = volume.resolve("trace");
    DumpSource dump = stored(with("SELECT 1 AS one \\! touch '" + trace + "'\n;"));

    assertThatThrownBy(() -> restore("run-1", dump)).hasMessageContaining("restricted");
    assertThat(trace).doesNotExist();
  }

  @Test
  void refusesADumpThatWasReplacedAfterItWasChecked() throws IOException {
    String checked = stored(sql).check().sha256();
    DumpSource other = stored(with("DELETE FROM public.rims;"));

    assertThatThrownBy(() -> restore(15, "run-1", other, checked))
        .hasMessageContaining("not the one that was checked");
    assertThat(left()).doesNotContain("data");
  }

  @Test
  void findsRowsThatTheDumpItselfTakesAway() {
    DumpSource dump = stored(with("DELETE FROM public.rims WHERE id = 1;"));

    assertThatThrownBy(() -> restore("run-1", dump))
        .hasMessageContaining("public.rims has 19999 rows, the dump has 20000");
  }

  @Test
  void endsTheServerThatAKilledAttemptLeft() throws IOException {
    Path beside = volume.resolve("data.chrysalis-dump");
    Programs programs =
        Programs.of(dev.chrysalis.platform.volume.PrivateFiles.like(volume), volume);
    ServerPrograms installed = new ServerPrograms(TestPostgres.programs(15), List.of());
    new FreshCluster(installed, programs, beside, database()).make();
    PrivateServer left = PrivateServer.start(installed, programs, beside, "postgres");
    long pid = PostmasterFile.runningPid(beside).orElseThrow();

    assertThat(restore("run-1", stored(sql))).isPresent();

    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(left.sockets()).doesNotExist();
    assertThat(left()).containsExactly("data");
  }
}
