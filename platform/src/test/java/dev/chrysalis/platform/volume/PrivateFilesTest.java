package dev.chrysalis.platform.volume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFilesTest {
  private static final int NOBODY = 65534;

  @TempDir private Path temp;
  private Path file;

  @BeforeEach
  void writeAFile() throws IOException {
    file = Files.writeString(temp.resolve("file"), "before");
  }

  private static Object owner(Path path) throws IOException {
    return Files.getAttribute(path, "unix:uid");
  }

  @Test
  void whoIsNotRootLeavesTheOwnerAlone() throws IOException {
    Object before = owner(file);

    new PrivateFiles(before.equals(0) ? NOBODY : 0, 0).own(file, false);

    assertThat(owner(file)).isEqualTo(before);
  }

  @Test
  void rootGivesFilesToWhomTheDirectoryBelongs() throws IOException {
    assumeThat(owner(file)).as("whether this is root").isEqualTo(0);
    Files.setAttribute(temp, "unix:uid", NOBODY);
    Files.setAttribute(temp, "unix:gid", NOBODY);

    PrivateFiles.like(temp).replace(file, "after");

    assertThat(owner(file)).isEqualTo(NOBODY);
    assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(NOBODY);
  }

  @Test
  void aFileIsReplacedWithTheModeThatIsAskedFor() throws IOException {
    PrivateFiles files = PrivateFiles.like(temp);

    files.replace(file, "after".getBytes(UTF_8), 0640);
    files.replace(temp.resolve("other"), "private");

    assertThat(file).hasContent("after");
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
    assertThat(Files.getPosixFilePermissions(temp.resolve("other")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }
}
