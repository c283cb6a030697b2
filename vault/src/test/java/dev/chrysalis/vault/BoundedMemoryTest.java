package dev.chrysalis.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Large snapshots in a small heap.
class BoundedMemoryTest {
  @Test
  void aGibibyteNeedsNoMoreThanASmallHeap(@TempDir Path directory)
      throws IOException, InterruptedException {
    runs(directory, "-Xmx128m", LargeSnapshot.class);
  }

  @Test
  void theManifestOfATerabyteNeedsNoMoreThanASmallHeap(@TempDir Path directory)
      throws IOException, InterruptedException {
    runs(directory, "-Xmx80m", LargeManifest.class);
  }

  private static void runs(Path directory, String heap, Class<?> main)
      throws IOException, InterruptedException {
    Path log = directory.resolve("output");
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                directory.resolve("vault").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(program.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(program.exitValue()).as(Files.readString(log)).isZero();
    } finally {
      program.destroyForcibly();
    }
  }
}
