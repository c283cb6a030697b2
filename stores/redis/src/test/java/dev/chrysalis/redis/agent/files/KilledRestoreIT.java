package dev.chrysalis.redis.agent.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.server.RedisRelease;
import dev.chrysalis.redis.server.TestRedis;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.DirectoryBackend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/// Real processes restore, and are killed with signal 9: at a chosen step, and at any moment.
final class KilledRestoreIT {
  private static final int KEYS = 1500;

  @TempDir private Path temp;
  private Path data;

  /// The process that gets killed: restores the bucket of the first argument into the second, and
  /// stands still at the step that the third says.
  static final class Restoring {
    private Restoring() {}

    public static void main(String[] arguments) {
      int last = Integer.parseInt(arguments[2]);
      AtomicInteger steps = new AtomicInteger();
      CopyProgress progress =
          new CopyProgress() {
            @Override
            public void progress(String stage, long done, long total) {
              if (steps.incrementAndGet() == 1) {
                System.out.println("begun");
              }
              if (steps.get() >= last) {
                System.out.println("here");
                while (true) {
                  LockSupport.park();
                }
              }
            }

            @Override
            public void note(String text) {}
          };
      long _ = restore(Path.of(arguments[0]), Path.of(arguments[1]), "job-1", progress);
      System.out.println("done");
    }
  }

  private static long restore(Path bucket, Path data, String job, CopyProgress progress) {
    try (Backend backend = DirectoryBackend.at(bucket)) {
      return new PlainDump(backend, PlainDump.KEY)
          .restore(
              new JobId(job),
              new RestoreTarget(
                  data,
                  new ConfigurationFile(
                      data.resolve("redis.conf"), Optional.of(bucket.resolve("template.conf"))),
                  Optional.of(new RedisVersion(6, 2)),
                  Optional.empty()),
              progress);
    }
  }

  @BeforeEach
  void putADump() throws IOException {
    data = temp.resolve("data");
    Path bucket = Files.createDirectory(temp.resolve("bucket"));
    try (Backend backend = DirectoryBackend.at(bucket)) {
      Backend.Created _ =
          backend.create(PlainDump.KEY, Body.of(WrittenRdb.of("0009", "6.2.11", KEYS)));
    }
    Files.writeString(bucket.resolve("template.conf"), "appendonly yes\n");
  }

  private Process start(int step) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Restoring.class.getName(),
            temp.resolve("bucket").toString(),
            data.toString(),
            Integer.toString(step))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private void assertHalfRestored() throws IOException {
    assertThat(RestoreMark.read(data, RestoreMark.BEGUN)).isPresent();
    try (TestRedis server = TestRedis.over(RedisRelease.V6_2, data).launch()) {
      Awaitility.await().until(() -> !server.isRunning());
    }
    assertThatThrownBy(() -> restore(temp.resolve("bucket"), data, "job-2", CopyProgress.silent()))
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(RedisErrors.NOT_EMPTY));
  }

  private void assertItsSuccessorCompletesIt() {
    long _ = restore(temp.resolve("bucket"), data, "job-1", CopyProgress.silent());
    try (TestRedis server = TestRedis.over(RedisRelease.V6_2, data).start();
        Jedis client = server.client()) {
      assertThat(client.dbSize()).isEqualTo(KEYS);
    }
  }

  @Test
  void aRestoreKilledWhileItWritesIsStartedByNobodyAndCompletedByItsSuccessor() throws Exception {
    for (int step : new int[] {1, 30}) {
      Process process = start(step);
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
        assertThat(lines.lines().filter(line -> line.equals("here")).findFirst()).isPresent();
      } finally {
        process.destroyForcibly().waitFor();
      }
      assertHalfRestored();
    }
    assertItsSuccessorCompletesIt();
  }

  @Test
  void killedAtAnyMomentItIsHalfRestoredOrWhole() throws Exception {
    Random random = new Random();
    for (int i = 0; i < 5; i++) {
      Process process = start(Integer.MAX_VALUE);
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
        assertThat(lines.readLine()).isIn("begun", "done");
        boolean _ = process.waitFor(random.nextInt(150), TimeUnit.MILLISECONDS);
      } finally {
        process.destroyForcibly().waitFor();
      }
      if (RestoreMark.read(data, RestoreMark.ENDED).isEmpty()) {
        assertThat(RestoreMark.read(data, RestoreMark.BEGUN)).isPresent();
      }
    }
    assertItsSuccessorCompletesIt();
  }
}
