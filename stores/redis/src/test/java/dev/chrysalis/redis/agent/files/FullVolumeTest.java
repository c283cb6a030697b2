package dev.chrysalis.redis.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// A volume that fills up. Alone, since the limit holds for the whole process.
@Isolated
class FullVolumeTest {
  private static final byte[] DUMP = WrittenRdb.of("0009", "6.2.11", 100);

  @TempDir Path temp;

  @Test
  void itIsToldAndTheJobBeginsAgainOnceThereIsRoom() throws Exception {
    Path data = temp.resolve("data");
    Files.writeString(temp.resolve("template.conf"), "appendonly yes\n");
    limitFileSize("500000");
    try {
      assertThatThrownBy(() -> restore(data))
          .isInstanceOfSatisfying(
              ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(RedisErrors.NO_ROOM))
          .hasMessageContaining("the volume is full");
    } finally {
      limitFileSize("unlimited");
    }
    assertThat(RestoreMark.read(data, RestoreMark.BEGUN)).isPresent();
    assertThat(data.resolve("redis.conf")).hasContent(ConfigurationFile.HALF_RESTORED);
    assertThat(data.resolve("appendonly.aof")).doesNotExist();

    assertThat(restore(data)).isEqualTo(DUMP.length);
    assertThat(data.resolve("appendonly.aof")).hasBinaryContent(DUMP);
  }

  private long restore(Path data) {
    MemoryBackend bucket = new MemoryBackend();
    Backend.Created _ = bucket.create(PlainDump.KEY, Body.of(DUMP));
    return new PlainDump(bucket, PlainDump.KEY)
        .restore(
            new JobId("job-1"),
            new RestoreTarget(
                data,
                new ConfigurationFile(
                    data.resolve("redis.conf"), Optional.of(temp.resolve("template.conf"))),
                Optional.empty(),
                Optional.empty()),
            CopyProgress.silent());
  }

  /// The kernel lets this process write no longer files, be it root's or not: to the writer that is
  /// a full volume.
  private static void limitFileSize(String bytes) throws IOException, InterruptedException {
    String self = Long.toString(ProcessHandle.current().pid());
    Process prlimit =
        new ProcessBuilder("prlimit", "--pid", self, "--fsize=" + bytes + ":").inheritIO().start();
    assertThat(prlimit.waitFor()).isZero();
  }
}
