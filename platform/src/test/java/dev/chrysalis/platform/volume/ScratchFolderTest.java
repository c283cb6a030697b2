package dev.chrysalis.platform.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchFolderTest {
  @TempDir private Path parent;

  @Test
  void whatAKilledProcessLeftGoesWithTheNextOne() throws IOException {
    Path left = Files.createDirectory(parent.resolve("redis-scratch-killed"));
    Files.writeString(left.resolve("base.rdb"), "all keys");
    Files.createFile(parent.resolve("redis-scratch-killed.lock"));
    Path foreign = Files.createDirectory(parent.resolve("job-7"));

    try (ScratchFolder folder = ScratchFolder.make(parent, "redis", "next")) {
      assertThat(left).doesNotExist();
      assertThat(folder.folder()).isEmptyDirectory();
    }

    try (Stream<Path> all = Files.list(parent)) {
      assertThat(all).containsExactly(foreign);
    }
  }

  @Test
  void whatIsOfUseStays() throws IOException {
    try (ScratchFolder one = ScratchFolder.make(parent, "redis", "one");
        ScratchFolder other = ScratchFolder.make(parent, "redis", "other")) {
      assertThat(one.folder()).isDirectory();
      assertThat(other.folder()).isDirectory();
      assertThatThrownBy(() -> ScratchFolder.make(parent, "redis", "one"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another process uses");
      assertThat(one.folder()).isDirectory();
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void aSpoolThatIsThereKeepsItsModeAndOneThatIsNotIsPrivate() throws IOException {
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-x---"));
    Path missing = parent.resolve("a/b");

    try (ScratchFolder one = ScratchFolder.make(parent, "redis", "one");
        ScratchFolder other = ScratchFolder.make(missing, "redis", "other")) {
      assertThat(mode(parent)).isEqualTo("rwxr-x---");
      assertThat(mode(one.folder())).isEqualTo("rwx------");
      assertThat(mode(missing)).isEqualTo("rwx------");
      assertThat(mode(other.folder())).isEqualTo("rwx------");
    }
  }

  @Test
  void theFolderBelongsToWhoRunsTheServerInIt() throws IOException {
    assumeThat(Files.getAttribute(parent, "unix:uid"))
        .as("only root gives files away")
        .isEqualTo(0);
    Files.setAttribute(parent, "unix:uid", 65534);

    try (ScratchFolder folder = ScratchFolder.make(parent, "redis", "one")) {
      assertThat(Files.getAttribute(folder.folder(), "unix:uid")).isEqualTo(0);
    }
  }
}
