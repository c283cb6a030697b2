package dev.chrysalis.redis.agent.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.agent.files.PlainDump;
import dev.chrysalis.redis.agent.server.RedisSession;
import dev.chrysalis.redis.server.RedisRelease;
import dev.chrysalis.redis.server.TestRedis;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/// A server over restored files: what it loads, and what is said of one that does not.
final class ScratchServerIT {
  /// The last database of a server that has 64.
  private static final int LAST = 63;

  @TempDir private Path temp;

  private ScratchServer scratch(Path programs) {
    return ScratchServer.in(
        temp.resolve("scratch"),
        "job-1",
        new ServerProgram(programs.resolve("redis-server")),
        new SecureRandom());
  }

  /// Restores a dump with one key, `a`, in the last database.
  private static void restore(RedisRelease release, ScratchServer into) throws IOException {
    byte[] dump;
    try (TestRedis source = TestRedis.create(release, "databases " + (LAST + 1)).start();
        Jedis client = source.client()) {
      client.select(LAST);
      client.set("a", "1");
      String _ = client.save();
      dump = Files.readAllBytes(source.folder().resolve("dump.rdb"));
    }
    MemoryBackend bucket = new MemoryBackend();
    Backend.Created _ = bucket.create(PlainDump.KEY, Body.of(dump));
    long _ =
        new PlainDump(bucket, PlainDump.KEY)
            .restore(new JobId("job-1"), into.target(), CopyProgress.silent());
  }

  /// Where commands behind the base lie.
  private static Path log(RedisRelease release, ScratchServer server) {
    return server
        .target()
        .data()
        .resolve(
            release.keepsManifest() ? "appendonlydir/appendonly.aof.1.incr.aof" : "appendonly.aof");
  }

  private static Map<String, String> info(ScratchServer server) {
    try (RedisSession session = server.connection().open()) {
      return session.info();
    }
  }

  private static void assertEnds(ScratchServer server, ErrorCode code, String said) {
    assertThatThrownBy(() -> server.start((_, _) -> {}))
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
        .hasMessageContaining(said);
  }

  /// A program that says its version as the real one does and is started by this script.
  private Path standIn(String script) throws IOException {
    Path real = RedisRelease.V7_0.programs(Files.createDirectory(temp.resolve("real")));
    Path folder = Files.createDirectory(temp.resolve("stand-in"));
    Path file = folder.resolve("redis-server");
    Files.writeString(
        file,
        """
        #!/bin/sh
        start() { exec '%s' "$@"; }
        [ "$1" = --version ] && start "$@"
        cd '%s'
        %s
        """
            .formatted(real.resolve("redis-server"), temp, script));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return folder;
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void everyDatabaseIsLoadedOfBaseAndLog(RedisRelease release) throws IOException {
    try (ScratchServer server = scratch(release.programs(temp))) {
      restore(release, server);
      Files.writeString(
          log(release, server),
          "*2\r\n$6\r\nSELECT\r\n$2\r\n63\r\n*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$1\r\n2\r\n",
          StandardOpenOption.APPEND);

      server.start((_, _) -> {});

      assertThat(info(server).get("db63")).startsWith("keys=2,");
    }
  }

  @Test
  void whereMemoryIsShortTheKernelKillsItAndNotTheLivingServer() throws IOException {
    try (ScratchServer server = scratch(RedisRelease.V7_0.programs(temp))) {
      restore(RedisRelease.V7_0, server);
      server.start((_, _) -> {});

      Path process = Path.of("/proc", info(server).get("process_id"));
      assertThat(process.resolve("oom_score_adj")).hasContent("1000");
    }
  }

  @Test
  void whereAnotherProcessTookThePortItIsStartedAtAnother() throws IOException {
    Path programs =
        standIn(
            """
            [ -e tried ] && start "$@"
            touch tried
            echo '# Could not create server TCP listening socket 127.0.0.1:1: bind: Address already in use'
            exit 1
            """);
    try (ScratchServer server = scratch(programs)) {
      restore(RedisRelease.V7_0, server);

      server.start((_, _) -> {});

      assertThat(server.keys()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void damagedFilesDoNotLoad(RedisRelease release) throws IOException {
    try (ScratchServer server = scratch(release.programs(temp))) {
      restore(release, server);
      Files.writeString(log(release, server), "*2\r\n+garbage\r\n", StandardOpenOption.APPEND);

      assertEnds(server, RedisErrors.DOES_NOT_LOAD, "Bad file format");
    }
  }

  @ParameterizedTest
  @MethodSource("dev.chrysalis.redis.server.RedisRelease#all")
  void aBaseThatIsCutOffDoesNotLoad(RedisRelease release) throws IOException {
    try (ScratchServer server = scratch(release.programs(temp))) {
      restore(release, server);
      Path base =
          release.keepsManifest()
              ? log(release, server).resolveSibling("appendonly.aof.1.base.rdb")
              : log(release, server);
      byte[] bytes = Files.readAllBytes(base);
      Files.write(base, Arrays.copyOf(bytes, bytes.length - 12));

      assertEnds(server, RedisErrors.DOES_NOT_LOAD, "RDB");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Internal error in RDB reading offset 9, function at rdb.c:2 -> The RDB file contains"
            + " module data I can not load: no matching module type ReJSON-RL",
        "FATAL CONFIG FILE ERROR",
        "Unknown command JSON.SET reading the append only file"
      })
  void anEndThatSaysNothingOfDamageIsNone(String words) throws IOException {
    try (ScratchServer server = scratch(standIn("echo '" + words + "'; exit 1"))) {
      restore(RedisRelease.V7_0, server);

      assertEnds(server, RedisErrors.SCRATCH_FAILED, words);
    }
  }
}
