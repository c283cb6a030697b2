package dev.chrysalis.redis.agent.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How a volume is filled, and when it is not. No server is needed.
class PlainDumpTest {
  private static final byte[] DUMP = WrittenRdb.of("0010", "7.0.15", 100);

  @TempDir Path temp;
  private final MemoryBackend bucket = new MemoryBackend();
  private Path data;
  private Path template;

  @BeforeEach
  void putADump() throws IOException {
    data = temp.resolve("data");
    template = temp.resolve("template.conf");
    Files.writeString(
        template, "requirepass caterpillar\nreplicaof redis-0 6379\nappendonly yes\n");
    put(DUMP);
  }

  private void put(byte[] dump) {
    bucket.delete(PlainDump.KEY);
    Backend.Created _ = bucket.create(PlainDump.KEY, Body.of(dump));
  }

  private ConfigurationFile configuration() {
    return new ConfigurationFile(data.resolve("redis.conf"), Optional.of(template));
  }

  private long restore(String job, Optional<RedisVersion> server, Optional<InetSocketAddress> at) {
    return new PlainDump(bucket, PlainDump.KEY)
        .restore(
            new JobId(job),
            new RestoreTarget(data, configuration(), server, at),
            CopyProgress.silent());
  }

  private long restore(String job) {
    return restore(job, RedisVersion.of("7.0.15"), Optional.empty());
  }

  private void assertRefused(ErrorCode code, Runnable what, String... said) {
    assertThatThrownBy(what::run)
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.getMessage()).doesNotContain("caterpillar");
              for (String words : said) {
                assertThat(e).hasMessageContaining(words);
              }
            });
  }

  private void assertNoServerWouldStart() throws IOException {
    assertThat(RestoreMark.read(data, RestoreMark.BEGUN)).isPresent();
    assertThat(data.resolve("redis.conf")).hasContent(ConfigurationFile.HALF_RESTORED);
    assertThat(data)
        .isDirectoryNotContaining(f -> Files.isDirectory(f) && !f.toString().endsWith("new"));
    assertThat(data.resolve("appendonly.aof")).doesNotExist();
    assertThat(data.resolve("dump.rdb")).doesNotExist();
  }

  @Test
  void aDumpBecomesTheBaseOfTheAppendOnlyFileOfAMaster() throws IOException {
    assertThat(restore("job-1")).isEqualTo(DUMP.length);

    Path aof = data.resolve("appendonlydir");
    assertThat(aof.resolve("appendonly.aof.1.base.rdb")).hasBinaryContent(DUMP);
    assertThat(aof.resolve("appendonly.aof.1.incr.aof")).isEmptyFile();
    assertThat(aof.resolve("appendonly.aof.manifest"))
        .hasContent(
            """
            file appendonly.aof.1.base.rdb seq 1 type b
            file appendonly.aof.1.incr.aof seq 1 type i
            """);
    assertThat(data.resolve("redis.conf")).hasContent("requirepass caterpillar\nappendonly yes\n");
    assertThat(RestoreMark.read(data, RestoreMark.ENDED)).isPresent();
    assertThat(data.resolve("dump.rdb")).doesNotExist();
    try (Stream<Path> all = Files.walk(data)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
      }
    }
  }

  @Test
  void namesAreThoseOfTheConfigurationAndTheFormIsThatOfTheServer() throws IOException {
    Files.writeString(template, "appendonly yes\nappendfilename \"my own.aof\"\n");
    put(WrittenRdb.of("0009", "6.2.11", 1));
    long _ = restore("job-1", RedisVersion.of("6.2.11"), Optional.empty());
    assertThat(data.resolve("my own.aof")).hasBinaryContent(WrittenRdb.of("0009", "6.2.11", 1));

    data = temp.resolve("other");
    Files.writeString(template, "dbfilename mine.rdb\n");
    long _ = restore("job-2");
    assertThat(data.resolve("mine.rdb")).exists();

    data = temp.resolve("third");
    Files.writeString(template, "dbfilename ../mine.rdb\n");
    assertRefused(RedisErrors.BAD_SETTING, () -> restore("job-3"), "dbfilename");
    assertThat(data).doesNotExist();
  }

  @Test
  void whereNobodySaysWhichServerItIsForEveryReleaseFindsIt() throws IOException {
    long _ = restore("job-1", Optional.empty(), Optional.empty());

    assertThat(data.resolve("appendonly.aof")).hasBinaryContent(DUMP);
    assertThat(data.resolve("appendonlydir")).doesNotExist();
  }

  @Test
  void aVolumeThatHoldsSomethingIsRefusedByName() throws IOException {
    Files.createDirectories(data.resolve("lost+found"));
    Files.writeString(data.resolve("redis.conf"), "port 7\n");
    Files.writeString(data.resolve("dump.rdb"), "living");

    assertRefused(RedisErrors.NOT_EMPTY, () -> restore("job-1"), "holds dump.rdb");

    assertThat(data.resolve("dump.rdb")).hasContent("living");
    Files.delete(data.resolve("dump.rdb"));
    long _ = restore("job-1");
    // The living configuration counts more than the template.
    assertThat(data.resolve("redis.conf")).hasContent("port 7\n");
  }

  @Test
  void aServerThatAnswersIsRefused() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress at = new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
      assertRefused(
          RedisErrors.SERVER_RUNNING,
          () -> restore("job-1", Optional.empty(), Optional.of(at)),
          "it answers at");
    }
    Files.createDirectories(data);
    Process other = new ProcessBuilder("sleep", "60").directory(data.toFile()).start();
    try {
      Files.writeString(template, "pidfile " + temp.resolve("pid") + "\n");
      Files.writeString(temp.resolve("pid"), other.pid() + "\n");
      assertRefused(RedisErrors.SERVER_RUNNING, () -> restore("job-1"), "pid " + other.pid());
    } finally {
      other.destroyForcibly().waitFor();
    }
    long _ = restore("job-1");
  }

  @Test
  void damagedBytesLeaveNothingThatAServerWouldLoad() throws IOException {
    Files.createDirectories(data);
    Files.writeString(data.resolve("redis.conf"), "requirepass caterpillar\nappendonly yes\n");
    byte[] damaged = DUMP.clone();
    damaged[DUMP.length / 2] ^= 1;
    put(damaged);
    assertRefused(RedisErrors.RDB_DAMAGED, () -> restore("job-1"));
    assertNoServerWouldStart();

    put(Arrays.copyOf(DUMP, DUMP.length - 5));
    assertRefused(RedisErrors.NOT_EMPTY, () -> restore("job-2"), "what job job-1 left");

    put(DUMP);
    long _ = restore("job-1");
    assertThat(data.resolve("redis.conf")).hasContent("requirepass caterpillar\nappendonly yes\n");
    assertThat(data.resolve("appendonlydir/appendonly.aof.1.base.rdb")).hasBinaryContent(DUMP);
    try (Stream<Path> left = Files.list(data)) {
      assertThat(left.map(f -> String.valueOf(f.getFileName())))
          .containsExactlyInAnyOrder("appendonlydir", "redis.conf", RestoreMark.ENDED);
    }
  }

  @Test
  void whatIsNoRdbOrIsCutOffIsRefused() {
    put(Arrays.copyOf(DUMP, DUMP.length - 5));
    assertRefused(RedisErrors.RDB_DAMAGED, () -> restore("job-1"));
    assertRefused(
        RedisErrors.RDB_DAMAGED,
        () -> new PlainDump(bucket, PlainDump.KEY).check(Optional.empty(), CopyProgress.silent()));
    data = temp.resolve("other");
    put("{\"not\": \"an RDB\"}".getBytes(UTF_8));
    assertRefused(RedisErrors.RDB_DAMAGED, () -> restore("job-1"), "does not begin as an RDB");
    bucket.delete(PlainDump.KEY);
    assertRefused(RedisErrors.NO_SUCH_DUMP, () -> restore("job-1"), "redis/dump.rdb");
  }

  @Test
  void aCheckReadsItWholeAndSaysWhoWroteIt() {
    PlainDump.Checked checked =
        new PlainDump(bucket, PlainDump.KEY).check(Optional.empty(), CopyProgress.silent());

    assertThat(checked).isEqualTo(new PlainDump.Checked(DUMP.length, "7.0"));
  }

  @Test
  void anOlderServerIsNotGivenWhatItDoesNotRead() {
    assertRefused(
        RedisErrors.NEWER_VERSION,
        () -> restore("job-1", RedisVersion.of("6.2.11"), Optional.empty()),
        "format 10 of Redis 7.0",
        "Redis 6.2 does not read");
  }

  @Test
  void theSameJobDoesItOnceOnly() throws IOException {
    long _ = restore("job-1");
    Files.writeString(data.resolve("appendonlydir/appendonly.aof.1.incr.aof"), "since written");

    long _ = restore("job-1");
    assertRefused(RedisErrors.NOT_EMPTY, () -> restore("job-2"), "appendonlydir");

    assertThat(data.resolve("appendonlydir/appendonly.aof.1.incr.aof")).hasContent("since written");
  }

  @Test
  void theRoleOfAHalfRestoredVolumeIsNotChanged() throws IOException {
    put(Arrays.copyOf(DUMP, DUMP.length - 5));
    assertRefused(RedisErrors.RDB_DAMAGED, () -> restore("job-1"));
    RoleFile role =
        new RoleFile(
            data, configuration(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));

    assertRefused(
        RedisErrors.NOT_EMPTY, () -> role.change(it -> it.lead()), "half restored by job job-1");

    assertNoServerWouldStart();
  }

  @Test
  void aRoleIsWrittenFromTheLivingFileOrElseTheTemplate() throws IOException {
    Files.createDirectories(data);
    RoleFile role =
        new RoleFile(
            data, configuration(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));

    role.change(it -> it.follow("redis-1", 6379));
    assertThat(data.resolve("redis.conf"))
        .hasContent("requirepass caterpillar\nappendonly yes\nreplicaof redis-1 6379\n");
    role.change(it -> it.lead());
    assertThat(data.resolve("redis.conf")).hasContent("requirepass caterpillar\nappendonly yes\n");
  }
}
