package dev.chrysalis.redis.agent.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.archive.BaseFacts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a volume is filled with, and with which configurations it is not. No server is needed.
class VolumeFillTest {
  private static final byte[] BASE = WrittenRdb.of("0009", "6.2.11", 1);
  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

  @TempDir private Path temp;
  private Path data;
  private Path template;

  @BeforeEach
  void writeATemplate() throws IOException {
    data = temp.resolve("data");
    template = temp.resolve("template.conf");
    Files.writeString(template, "appendonly yes\n");
  }

  private boolean fill(RestoreContent content) {
    return new VolumeFill(
            new RestoreTarget(
                data,
                new ConfigurationFile(data.resolve("redis.conf"), Optional.of(template)),
                Optional.empty(),
                Optional.empty()),
            CopyProgress.silent())
        .run(new JobId("by-hand"), content);
  }

  private static RestoreContent content(
      Instant at, Optional<String> users, Optional<String> configuration) {
    return new RestoreContent(
        "snapshot-1",
        "the base of snapshot-1",
        BaseFacts.Format.RDB,
        BASE.length,
        () -> new ByteArrayInputStream(BASE),
        0,
        InputStream::nullInputStream,
        users.map(text -> text.getBytes(UTF_8)),
        configuration.map(text -> RedisConfiguration.parse(text.getBytes(UTF_8), "the backup's")),
        Optional.of(at));
  }

  private static RestoreContent content(Instant at) {
    return content(at, Optional.empty(), Optional.empty());
  }

  private static void assertRefused(ErrorCode code, Runnable what, String... said) {
    assertThatThrownBy(what::run)
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> {
              assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
              for (String words : said) {
                assertThat(e).hasMessageContaining(words);
              }
            });
  }

  @Test
  void anotherMomentOfTheSameBaseIsNotDoneBefore() {
    assertThat(fill(content(NOON))).isTrue();
    assertThat(fill(content(NOON))).isFalse();

    assertRefused(
        RedisErrors.NOT_EMPTY,
        () -> fill(content(NOON.plusSeconds(60))),
        "by-hand",
        "2026-11-26T12:00:00Z");
  }

  @Test
  void aConfigurationOfAnotherVolumeIsRefusedBeforeAnythingIsTouched() throws IOException {
    Files.writeString(template, "appendonly yes\ndir " + temp.resolve("elsewhere") + "\n");

    assertRefused(
        RedisErrors.BAD_SETTING,
        () -> fill(content(NOON)),
        temp.resolve("elsewhere").toString(),
        data.toString());
    assertThat(data).doesNotExist();
    Files.createDirectories(data);
    Files.createDirectories(temp.resolve("elsewhere"));
    assertRefused(RedisErrors.BAD_SETTING, () -> fill(content(NOON)), "elsewhere");
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void theSameFolderMayHaveAnotherName() throws IOException {
    Path link = Files.createSymbolicLink(temp.resolve("link"), temp);
    Files.writeString(template, "appendonly yes\ndir " + link.resolve("data") + "\n");

    assertThat(fill(content(NOON))).isTrue();
    assertThat(fill(content(NOON))).isFalse();

    data = temp.resolve("other");
    Files.writeString(template, "appendonly yes\ndir ./\n");
    assertThat(fill(content(NOON))).isTrue();
  }

  @Test
  void whatOnlyAnIncludedFileMaySayRefusesNothing() throws IOException {
    Files.writeString(
        template,
        "dir /elsewhere\ninclude common.conf\nappendonly yes\nappendfilename a.aof\npidfile p\n");

    assertThat(fill(content(NOON))).isTrue();
  }

  @Test
  void theBackupsConfigurationIsOfThisVolumeAndHasNoAddressOfAnotherMachine() throws IOException {
    Files.delete(template);
    String backup =
        """
        bind 10.0.0.7
        port 7000
        replica-announce-ip 10.0.0.7
        replica-announce-port 7000
        replicaof 10.0.0.8 7000
        dir /var/lib/elsewhere
        appendonly yes
        maxmemory 1gb
        """;

    assertThat(fill(content(NOON, Optional.empty(), Optional.of(backup)))).isTrue();

    assertThat(data.resolve("redis.conf"))
        .hasContent("dir " + data + "\nappendonly yes\nmaxmemory 1gb\n");
  }

  @Test
  void anAclFileOnTheVolumeIsAskedForBeforeAnythingIsTouched() throws IOException {
    for (String named : new String[] {"users.acl", data + "/users.acl", "below/users.acl"}) {
      Files.writeString(template, "appendonly yes\naclfile " + named + "\n");

      assertRefused(RedisErrors.BAD_SETTING, () -> fill(content(NOON)), "users.acl");

      assertThat(data).doesNotExist();
    }
    Files.writeString(template, "appendonly yes\naclfile " + data + "/users.acl\n");
    assertThat(fill(content(NOON, Optional.of("user default on"), Optional.empty()))).isTrue();
    assertThat(data.resolve("users.acl")).hasContent("user default on");
  }

  @Test
  void anAclFileElsewhereOrNoneNeedsNoContent() throws IOException {
    for (String named : new String[] {temp.resolve("users.acl").toString(), "\"\""}) {
      data = temp.resolve("data" + named.length());
      Files.writeString(template, "appendonly yes\naclfile " + named + "\n");

      assertThat(fill(content(NOON, Optional.of("user default on"), Optional.empty()))).isTrue();

      assertThat(data.resolve("users.acl")).doesNotExist();
    }
  }
}
