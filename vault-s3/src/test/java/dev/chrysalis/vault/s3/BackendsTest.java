package dev.chrysalis.vault.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Backend.Created;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.VaultLocation;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackendsTest {
  @TempDir private Path scratch;

  @Test
  void aDirectoryIsCreatedOnceAndOpenedAfterwards() {
    VaultLocation location = VaultLocation.parse(scratch.resolve("vault").toString());
    assertThatExceptionOfType(ChrysalisException.class)
        .isThrownBy(() -> Backends.open(location))
        .satisfies(e -> assertThat(e.code()).isEqualTo(VaultErrors.BAD_LOCATION));
    try (Backend created = Backends.create(location)) {
      assertThat(created.create("a", Body.of(new byte[3]))).isEqualTo(Created.NEW);
    }
    try (Backend opened = Backends.open(location)) {
      assertThat(opened.size("a")).hasValue(3);
    }
  }

  @Test
  void aBucketIsOpenedWithoutACall() {
    String location =
        "s3://bucket/a/b?region=eu-west-1&endpoint=http://127.0.0.1:1&path-style=true";
    try (Backend opened = Backends.open(VaultLocation.parse(location))) {
      assertThat(opened).hasToString(location);
      assertThat(opened.traits().maxObjectBytes()).isEqualTo(5L << 30);
    }
  }
}
