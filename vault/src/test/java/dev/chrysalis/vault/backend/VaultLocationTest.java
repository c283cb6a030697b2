package dev.chrysalis.vault.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.VaultLocation.InDirectory;
import dev.chrysalis.vault.backend.VaultLocation.InS3;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VaultLocationTest {
  @Test
  void anAbsolutePathIsADirectory() {
    assertThat(VaultLocation.parse("/var/lib/vault"))
        .isEqualTo(new InDirectory(Path.of("/var/lib/vault")));
    assertThat(VaultLocation.parse("file:///var/lib/../vault"))
        .isEqualTo(new InDirectory(Path.of("/var/vault")));
    assertThat(VaultLocation.parse("file:/with%20space"))
        .isEqualTo(new InDirectory(Path.of("/with space")));
  }

  @Test
  void aBucketNeedsNothingMore() {
    InS3 location = (InS3) VaultLocation.parse("s3://backups");
    assertThat(location).isEqualTo(new InS3("backups", "", null, null, false, null));
    assertThat(location.region()).isEmpty();
    assertThat(location.endpoint()).isEmpty();
    assertThat(location.toString()).isEqualTo("s3://backups");
  }

  @Test
  void allThatCanBeSaidOfABucketIsRead() {
    InS3 location =
        (InS3)
            VaultLocation.parse(
                "s3://backups/butterfly/prod/?region=eu-west-1&endpoint=http%3A%2F%2F127.0.0.1:9000"
                    + "&path-style=true&lock=compliance:30d");
    assertThat(location)
        .isEqualTo(
            new InS3(
                "backups",
                "butterfly/prod",
                "eu-west-1",
                URI.create("http://127.0.0.1:9000"),
                true,
                new ObjectLock(ObjectLock.Mode.COMPLIANCE, 30)));
    assertThat(location.region()).hasValue("eu-west-1");
    assertThat(location.toString()).endsWith("&lock=compliance:30d");
    assertThat(VaultLocation.parse(location.toString())).isEqualTo(location);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "vault",
        "./vault",
        "file:vault",
        "file://host/vault",
        "file:///vault?x=y",
        "gs://bucket",
        "S3",
        "s3:bucket",
        "s3://",
        "s3:///prefix",
        "s3://Bucket_",
        "s3://ab",
        "s3://a..b",
        "s3://bucket:80/x",
        "s3://bucket/a//b",
        "s3://bucket/a/../b",
        "s3://bucket/a%20b",
        "s3://bucket#x",
        "s3://bucket?region=",
        "s3://bucket?region",
        "s3://bucket?region=a&region=b",
        "s3://bucket?path-style=yes",
        "s3://bucket?endpoint=ftp://host",
        "s3://bucket?endpoint=http://host/path",
        "s3://bucket?endpoint=%zz",
        "s3://bucket?lock=",
        "s3://bucket?lock=30d",
        "s3://bucket?lock=compliance:0d",
        "s3://bucket?lock=compliance:36501d",
        "s3://bucket?lock=Compliance:30d",
        "s3://bucket?lock=forever:30d",
        "s3://bucket?lock=governance:12h",
        "\u0000"
      })
  void anythingElseIsABadLocation(String text) {
    assertThatExceptionOfType(ChrysalisException.class)
        .isThrownBy(() -> VaultLocation.parse(text))
        .satisfies(e -> assertThat(e.code()).isEqualTo(VaultErrors.BAD_LOCATION))
        .satisfies(e -> assertThat(e.hint()).contains("s3://bucket"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/var/lib/vault?lock=compliance:30d",
        "file:///var/lib/vault?lock=governance:1d",
        "gs://bucket/x?region=a&lock=compliance:30d"
      })
  void whatCannotLockIsRefusedWithALock(String text) {
    assertThatExceptionOfType(ChrysalisException.class)
        .isThrownBy(() -> VaultLocation.parse(text))
        .satisfies(e -> assertThat(e.code()).isEqualTo(VaultErrors.BAD_LOCATION))
        .withMessageContaining("only a bucket of S3 can lock");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://key:hunter2@bucket/prefix",
        "s3//key:hunter2@bucket",
        "s3://bucket?secret=hunter2",
        "s3://bucket?endpoint=http://key:hunter2@host",
        "s3://bucket?endpoint=http://host/hunter2",
        "gs://bucket?token=hunter2"
      })
  void credentialsAreRefusedAndNotRepeated(String text) {
    assertThatExceptionOfType(ChrysalisException.class)
        .isThrownBy(() -> VaultLocation.parse(text))
        .satisfies(e -> assertThat(e.code()).isEqualTo(VaultErrors.BAD_LOCATION))
        .satisfies(e -> assertThat(e.getMessage() + e.hint()).doesNotContain("hunter2"));
  }
}
