package dev.chrysalis.postgres.agent.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.server.DataDirectoryState;
import dev.chrysalis.vault.Chunk;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real processes restore, and are killed with signal 9 at chosen moments.
class KilledRestoreIT {
  private static final int FILES = 60;

  @TempDir Path temp;

  /// The process that gets killed: restores into the first argument, and stands still once it was
  /// told as many stages' steps as the second says.
  static final class Restoring {
    private Restoring() {}

    public static void main(String[] arguments) {
      MemoryVault vault = new MemoryVault();
      int last = Integer.parseInt(arguments[2]);
      AtomicInteger steps = new AtomicInteger();
      CopyProgress progress =
          new CopyProgress() {
            @Override
            public void progress(String stage, long done, long total) {
              if (stage.equals(arguments[1]) && steps.incrementAndGet() >= last) {
                System.out.println("here");
                while (true) {
                  LockSupport.park();
                }
              }
            }

            @Override
            public void note(String text) {}
          };
      restore(vault, cluster(vault), Path.of(arguments[0]), "job-1", progress);
    }
  }

  private static byte[] content(int file) {
    byte[] content = new byte[(file % 6) * 150_000];
    new Random(file).nextBytes(content);
    return content;
  }

  /// The same in every process.
  private static SnapshotId cluster(MemoryVault vault) {
    List<FileEntry> entries = new ArrayList<>();
    for (String directory : List.of("base", "base/5", "global", "pg_wal")) {
      entries.add(
          new FileEntry(
              directory, FileEntry.Kind.DIRECTORY, 0700, 0, Instant.EPOCH, "", List.of()));
    }
    try (SnapshotWriter writer = vault.beginSnapshot("postgres")) {
      for (int i = 0; i < FILES; i++) {
        entries.add(file(writer, "base/5/" + (16384 + i), content(i)));
      }
      entries.add(file(writer, "backup_label", "START".getBytes(UTF_8)));
      entries.add(file(writer, "global/pg_control", new byte[8192]));
    }
    return vault.plant(BackupFactsTest.FACTS.toMap(), entries.toArray(FileEntry[]::new));
  }

  private static FileEntry file(SnapshotWriter writer, String path, byte[] content) {
    List<Chunk> chunks = new ArrayList<>();
    for (int at = 0; at < content.length; at += SnapshotWriter.CHUNK_BYTES) {
      int length = Math.min(SnapshotWriter.CHUNK_BYTES, content.length - at);
      chunks.add(writer.store(ByteBuffer.wrap(content, at, length)));
    }
    return new FileEntry(
        path, FileEntry.Kind.FILE, 0600, content.length, Instant.EPOCH, "", chunks);
  }

  private static FileRestore.Restored restore(
      MemoryVault vault, SnapshotId snapshot, Path data, String job, CopyProgress progress) {
    return new FileRestore(vault, progress, 2)
        .run(
            new FileRestore.Request(
                new JobId(job),
                "postgres",
                snapshot,
                data,
                TablespacePlaces.under(data.resolveSibling("spaces")),
                new RecoverySettings.ToTarget(
                    new RecoveryTarget.AtConsistency(), 1, "false", Map.of())));
  }

  private void killAt(Path data, String stage, int step) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Restoring.class.getName(),
                data.toString(),
                stage,
                Integer.toString(step))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      assertThat(lines.readLine()).isEqualTo("here");
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
  }

  private FileRestore.Restored goOn(Path data) throws IOException {
    MemoryVault vault = new MemoryVault();
    SnapshotId snapshot = cluster(vault);
    assertThatThrownBy(() -> restore(vault, snapshot, data, "job-2", CopyProgress.silent()))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(PostgresErrors.NOT_EMPTY));
    FileRestore.Restored restored = restore(vault, snapshot, data, "job-1", CopyProgress.silent());
    for (int i = 0; i < FILES; i++) {
      assertThat(Files.readAllBytes(data.resolve("base/5/" + (16384 + i)))).isEqualTo(content(i));
    }
    assertThat(data.resolve("global/pg_control")).hasSize(8192);
    assertThat(RestoreMark.read(data, RestoreMark.ENDED)).isPresent();
    assertThat(data).isDirectoryNotContaining("regex:.*chrysalis-(part|new|restore\\.json)");
    assertThat(data.resolve("base/5")).isDirectoryNotContaining("glob:**chrysalis*");
    return restored;
  }

  private static void assertNoServerWouldStart(Path data) {
    assertThat(data.resolve("global/pg_control")).doesNotExist();
    assertThat(DataDirectoryState.read(data)).isInstanceOf(DataDirectoryState.HalfRestored.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 30, 100})
  void aRestoreKilledWhileItWritesIsCompletedByItsSuccessor(int step) throws Exception {
    Path data = temp.resolve("data");
    killAt(data, "restoring files", step);
    assertNoServerWouldStart(data);
    FileRestore.Restored restored = goOn(data);
    assertThat(restored.keptBytes()).isLessThan(restored.bytes());
  }

  @Test
  void aRestoreKilledAgainAndAgainKeepsWhatItHas() throws Exception {
    Path data = temp.resolve("data");
    killAt(data, "restoring files", 20);
    killAt(data, "restoring files", 60);
    killAt(data, "syncing files", 1);
    assertNoServerWouldStart(data);
    assertThat(goOn(data).keptBytes()).isGreaterThan(8_000_000);
  }
}
