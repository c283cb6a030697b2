package dev.chrysalis.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Scripts take the place of the JVM that runs BUTTERFLY's programs.
final class CassandraTasksTest {
  @TempDir private Path folder;

  @Test
  void theLastLineIsTheAnswer() throws IOException {
    CassandraTasks tasks = tasks("echo noise; echo 2026-01-02T03:04:05.678901Z");
    assertThat(tasks.overwriteCapsules()).isEqualTo("2026-01-02T03:04:05.678901Z");
  }

  @Test
  void itsLineOnStandardErrorSaysWhyItFailed() throws IOException {
    CassandraTasks tasks = tasks("echo 'there is no capsule' >&2; exit 1");
    assertThatThrownBy(tasks::overwriteCapsules)
        .isInstanceOf(ChrysalisException.class)
        .hasMessageContaining("OverwriteCapsules failed: there is no capsule");
  }

  /// A lab that is removed while it is made must not wait for a ring that answers nothing.
  @Test
  @Timeout(30)
  void aProgramThatHangsIsEndedOnceTheLabIsToGo() throws IOException {
    CassandraTasks tasks = tasks("exec sleep 600");
    AtomicInteger asked = new AtomicInteger();
    assertThatThrownBy(() ->
            tasks.makeKeyspaces(() -> {
              if (asked.incrementAndGet() > 2) {
                throw new ChrysalisException(LabErrors.INTERRUPTED, "going", "wait");
              }
            }))
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(LabErrors.INTERRUPTED));
    assertThat(asked).hasValue(3);
  }

  private CassandraTasks tasks(String script) throws IOException {
    Path java = folder.resolve("java");
    Files.createFile(
        java, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(java, "#!/bin/sh\n" + script + "\n");
    LabPrograms programs =
        new LabPrograms(
            java,
            List.of(),
            "AgentMain",
            folder,
            folder,
            folder,
            new CassandraPrograms(folder, Optional.empty()),
            folder.resolve("archives"));
    return new CassandraTasks(
        new LabSecrets(folder), programs, new LabAddresses(new LabNetwork("127.7.8")));
  }
}
