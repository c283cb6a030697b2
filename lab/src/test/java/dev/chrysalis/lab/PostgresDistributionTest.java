package dev.chrysalis.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PostgresDistributionTest {
  private static final Path ARCHIVE = Path.of("target/servers/postgres-17.jar");
  @TempDir private Path folder;

  @Test
  void itUnpacksProgramsThatRun() throws Exception {
    PostgresDistribution postgres =
        PostgresDistribution.unpack(ARCHIVE, folder.resolve("postgres-17"));
    Process version =
        new ProcessBuilder(List.of(postgres.program("postgres").toString(), "--version")).start();
    assertThat(
            new String(
                version.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
        .startsWith("postgres (PostgreSQL) 17.");
    assertThat(version.waitFor()).isZero();
    assertThat(Files.isSymbolicLink(postgres.home().resolve("lib/libpq.so"))).isTrue();
    assertThat(folder).isDirectoryNotContaining("glob:**.partial");
  }

  @Test
  void aMissingArchiveIsNamed() {
    assertThatThrownBy(
            () -> PostgresDistribution.unpack(folder.resolve("none.jar"), folder.resolve("home")))
        .isInstanceOf(ChrysalisException.class)
        .hasMessageContaining("none.jar is not there");
  }
}
