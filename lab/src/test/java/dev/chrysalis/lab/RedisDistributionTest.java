package dev.chrysalis.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RedisDistributionTest {
  private static final Path ARCHIVE = Path.of("target/servers/redis-6.2.jar");
  @TempDir private Path folder;

  @Test
  void itUnpacksAServerThatRuns() throws Exception {
    RedisDistribution redis = RedisDistribution.unpack(ARCHIVE, folder.resolve("redis-6.2"));
    Process version = new ProcessBuilder(List.of(redis.server().toString(), "--version")).start();
    assertThat(new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .startsWith("Redis server v=6.2.");
    assertThat(version.waitFor()).isZero();
    assertThat(folder.resolve("redis-6.2")).isDirectoryNotContaining("glob:**.partial");
  }

  @Test
  void aMissingArchiveIsNamed() {
    assertThatThrownBy(
            () -> RedisDistribution.unpack(folder.resolve("none.jar"), folder.resolve("home")))
        .isInstanceOf(ChrysalisException.class)
        .hasMessageContaining("none.jar is not there");
  }
}
