package dev.chrysalis.postgres.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.LeftOvers;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.ServerUser;
import dev.chrysalis.postgres.TestPostgres;
import dev.chrysalis.postgres.agent.server.ServerConnection;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.DirectoryBackend;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A real server's own data directory is restored in place, and given back.
class InPlaceRestoreIT {
  private Path temp = Path.of(".");
  private Vault vault = new MemoryVault();

  @BeforeEach
  void makeRoom() throws IOException {
    // Not JUnit's own directory: the server's user must be able to enter it.
    temp = Files.createTempDirectory("chrysalis-in-place");
    Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
    vault =
        VaultRepository.create(
            DirectoryBackend.create(temp.resolve("vault")),
            Passphrase.of("chrysalis".toCharArray()),
            new SecureRandom(),
            Clock.systemUTC(),
            VaultOptions.defaults().withSpool(temp),
            1000);
  }

  @AfterEach
  void removeRoom() throws IOException {
    vault.close();
    Files.walkFileTree(temp, new LeftOvers(temp));
    Files.delete(temp);
  }

  private FileRestore.Restored restore(Path data, Snapshot snapshot, String name) {
    RecoverySettings recovery =
        new RecoverySettings.ToTarget(
            new RecoveryTarget.AtName("good"),
            1,
            "cp '" + temp.resolve("wal") + "/%f' '%p'",
            Map.of());
    return new InPlaceRestore(vault, CopyProgress.silent(), 2, false)
        .run(
            new FileRestore.Request(
                new JobId(name),
                "postgres",
                snapshot.id(),
                data,
                TablespacePlaces.under(temp.resolve("spaces")),
                recovery));
  }

  private void copyWal(Path from) throws IOException {
    Path to = Files.createDirectory(temp.resolve("wal"));
    try (Stream<Path> segments = Files.list(from)) {
      for (Path segment : (Iterable<Path>) segments.filter(Files::isRegularFile)::iterator) {
        Files.copy(segment, to.resolve(segment.getFileName()));
      }
    }
    Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
    ServerUser.own(to);
    try (Stream<Path> copies = Files.list(to)) {
      for (Path copy : (Iterable<Path>) copies::iterator) {
        ServerUser.own(copy);
      }
    }
  }

  private static void damage(Path file) throws IOException {
    try (RandomAccessFile pages = new RandomAccessFile(file.toFile(), "rw")) {
      for (long at = 8192; at < pages.length(); at += 10 * 8192) {
        pages.seek(at + 100);
        pages.write("ruined".getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  @Test
  void aRuinedClusterComesBackInPlaceAndCanBeGivenBackAsItWas() throws IOException {
    try (TestPostgres server =
        TestPostgres.create(17, "--wal-segsize=1").set("wal_keep_size", "512MB").start()) {
      Path data = server.dataDirectory();
      server.execute(
          "create table t as select n, repeat('x', 200) as body from generate_series(1, 20000) n",
          "create table dropped as select 1");
      Snapshot snapshot =
          new BaseBackup(
                  new ServerConnection(server.server(), Duration.ofSeconds(10)),
                  vault,
                  (timeline, from, to) -> {},
                  CopyProgress.silent(),
                  2)
              .run(
                  new BaseBackup.Request(
                      "postgres", MemberId.parse("postgres-0"), server.dataDirectory(), true));
      server.execute("insert into t values (0, 'later')", "select pg_create_restore_point('good')");
      server.execute("drop table dropped", "create table stray as select 1", "checkpoint");
      Path table = data.resolve(server.query("select pg_relation_filepath('t')"));
      assertThatThrownBy(() -> restore(data, snapshot, "job-1"))
          .isInstanceOfSatisfying(
              ChrysalisException.class,
              e -> assertThat(e.code()).isEqualTo(PostgresErrors.SERVER_RUNNING));
      server.stop();
      copyWal(data.resolve("pg_wal"));
      damage(table);
      Files.delete(data.resolve("global/pg_filenode.map"));
      Map<String, String> before = Tree.of(data);

      FileRestore.Restored restored = restore(data, snapshot, "job-1");
      assertThat(restored.keptBytes()).isGreaterThan(restored.bytes() * 9 / 10);
      new TakeBack(CopyProgress.silent()).run(data, new JobId("job-1"));
      assertThat(Tree.of(data)).isEqualTo(before);

      restore(data, snapshot, "job-2");
      server.start();
      assertThat(server.query("select count(*) || ' ' || min(n) from t")).isEqualTo("20001 0");
      assertThat(server.query("select count(*) from dropped")).isEqualTo("1");
      assertThat(server.query("select to_regclass('stray') is null")).isEqualTo("t");
      assertThat(server.query("select pg_is_in_recovery()")).isEqualTo("t");
    }
  }
}
