package dev.chrysalis.redis.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.redis.RedisErrors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The configuration of a server that is off, on its volume or elsewhere. No server is needed.
class RoleFileTest {
  @TempDir private Path temp;
  private Path data;
  private Path conf;

  @BeforeEach
  void makeAVolume() throws IOException {
    data = Files.createDirectory(temp.resolve("data"));
    conf = Files.createDirectory(temp.resolve("etc")).resolve("redis.conf");
  }

  private RoleFile role() {
    return new RoleFile(
        data,
        new ConfigurationFile(conf, Optional.empty()),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
  }

  @Test
  void anAclFileThatIsMissingFromTheVolumeIsTold() throws IOException {
    Files.writeString(conf, "port 7\naclfile users.acl\n");

    assertThatThrownBy(() -> role().change(it -> it.follow("redis-1", 6379)))
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(RedisErrors.BAD_SETTING))
        .hasMessageContaining(data.resolve("users.acl").toString());
    assertThat(conf).hasContent("port 7\naclfile users.acl\n");

    Files.createFile(data.resolve("users.acl"));
    role().change(it -> it.follow("redis-1", 6379));
    assertThat(conf).hasContent("port 7\naclfile users.acl\nreplicaof redis-1 6379\n");
  }

  private ConfigurationFile file() {
    return new ConfigurationFile(conf, Optional.empty());
  }

  @Test
  void aGuardThatAnAbandonedRestoreLeftOutsideTheVolumeIsTakenAway() throws IOException {
    Files.writeString(conf, "port 7\nreplicaof redis-0 6379\n");
    file().guard();
    assertThat(conf).hasContent(ConfigurationFile.HALF_RESTORED);

    role().change(it -> it.lead());

    assertThat(conf).hasContent("port 7\n");
    assertThat(file().kept()).doesNotExist();
  }

  @Test
  void aGuardOfARestoreThatGoesOnStays() throws IOException {
    Files.writeString(conf, "port 7\nreplicaof redis-0 6379\n");
    RestoreMark mark = RestoreMark.ofThisBoot("job-1", "snapshot-1");
    Files.writeString(data.resolve(RestoreMark.BEGUN), mark.toJson());
    file().guard();

    assertThatThrownBy(() -> role().change(it -> it.lead()))
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(RedisErrors.NOT_EMPTY))
        .hasMessageContaining("half restored by job job-1");
    assertThat(conf).hasContent(ConfigurationFile.HALF_RESTORED);
    assertThat(file().kept()).exists();
  }

  @Test
  void theFileKeepsItsModeAlsoWhileARestoreGoesOn() throws IOException {
    Set<PosixFilePermission> mode = PosixFilePermissions.fromString("rw-r-----");
    Files.writeString(conf, "port 7\n");
    Files.setPosixFilePermissions(conf, mode);

    role().change(it -> it.follow("redis-1", 6379));
    assertThat(Files.getPosixFilePermissions(conf)).isEqualTo(mode);

    file().guard();
    assertThat(Files.getPosixFilePermissions(conf)).isEqualTo(mode);
    assertThat(Files.getPosixFilePermissions(file().kept())).isEqualTo(mode);
    role().change(it -> it.lead());
    assertThat(Files.getPosixFilePermissions(conf)).isEqualTo(mode);
    assertThat(conf).hasContent("port 7\n");
  }
}
