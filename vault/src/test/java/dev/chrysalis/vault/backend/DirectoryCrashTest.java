package dev.chrysalis.vault.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chrysalis.vault.backend.Backend.Listed;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryCrashTest {
  @TempDir private Path scratch;
  private final List<Process> writers = new ArrayList<>();

  @AfterEach
  void killWriters() throws InterruptedException {
    for (Process writer : writers) {
      writer.destroyForcibly();
      assertThat(writer.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void writersThatAreKilledLeaveOnlyWholeObjectsAndEachKeyHadOneWinner() throws Exception {
    Path root = scratch.resolve("vault");
    DirectoryBackend.create(root).close();
    writer(root, 1);
    writer(root, 2);
    await().atMost(Duration.ofSeconds(30)).until(() -> won(1).size() >= 20 && !won(2).isEmpty());
    killWriters();
    List<String> wonByOne = won(1);
    List<String> wonByTwo = won(2);
    assertThat(wonByOne).doesNotContainAnyElementsOf(wonByTwo);
    try (Backend backend = DirectoryBackend.at(root)) {
      assertThat(backend.list("").map(Listed::size)).containsOnly(WriterProcess.SIZE);
      assertThat(backend.list("").map(Listed::key)).containsAll(wonByOne).containsAll(wonByTwo);
      for (String key : wonByOne) {
        assertWrittenBy(backend, key, 1);
      }
      for (String key : wonByTwo) {
        assertWrittenBy(backend, key, 2);
      }
    }
  }

  private void writer(Path root, int seed) throws IOException {
    Optional<String> java = ProcessHandle.current().info().command();
    List<String> command =
        List.of(
            java.orElse("java"),
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classPath(),
            WriterProcess.class.getName(),
            root.toString(),
            Integer.toString(seed));
    writers.add(
        new ProcessBuilder(command)
            .redirectOutput(output(seed).toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  private Path output(int seed) {
    return scratch.resolve("won-by-" + seed);
  }

  /// The keys that a writer said it won; the kill may have cut its last line off.
  private List<String> won(int seed) throws IOException {
    return Files.readAllLines(output(seed)).stream()
        .filter(line -> line.matches("objects/[0-9]{2}/[0-9]{6}"))
        .toList();
  }

  private static String classPath() {
    return System.getProperty(
        "surefire.test.class.path",
        System.getProperty("java.class.path", "." + File.pathSeparator));
  }

  private static void assertWrittenBy(Backend backend, String key, int seed) throws IOException {
    try (InputStream in = backend.open(key, 0, WriterProcess.SIZE);
        InputStream expected = new PatternBody(WriterProcess.SIZE, seed).open()) {
      assertThat(in).as(key).hasSameContentAs(expected);
    }
  }
}
