package dev.chrysalis.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CassandraConfigurationTest {
  @TempDir private Path root;
  private LabLayout layout;
  private LabSecrets secrets;

  @BeforeEach
  void write() throws IOException {
    layout = new LabLayout(root);
    Files.createDirectory(layout.secrets());
    Files.createDirectory(layout.cassandra());
    secrets = LabSecrets.generate(layout.secrets(), new Random(7));
    new CassandraConfiguration(layout, secrets, new LabAddresses(new LabNetwork("127.7.8")))
        .write();
  }

  @Test
  void everyMemberThatThereIsRoomForHasItsOwn() throws IOException {
    try (Stream<Path> folders = Files.list(layout.cassandra())) {
      assertThat(folders.map(f -> f.getFileName().toString()).sorted())
          .containsExactly("cassandra-0", "cassandra-1", "cassandra-2", "cassandra-3");
    }
    assertThat(text("cassandra-1", "cassandra.yaml"))
        .contains(
            "seeds: \"127.7.8.91,127.7.8.92,127.7.8.93\"",
            "listen_address: 127.7.8.92\n",
            "rpc_address: 127.7.8.92\n",
            "- " + layout.volume("cassandra-1") + "/data\n",
            "commitlog_directory: " + layout.volume("cassandra-1") + "/commitlog\n");
  }

  @Test
  void nobodyElseReadsIt() throws IOException {
    try (Stream<Path> all = Files.walk(layout.cassandra().resolve("cassandra-0"))) {
      for (Path path : all.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
      }
    }
  }

  @Test
  void jmxAsksForTheSecretThatTheAgentsRead() throws IOException {
    String password = Files.readString(secrets.cassandraJmx()).strip();
    assertThat(text("cassandra-2", CassandraConfiguration.JMX_PASSWORD).strip())
        .isEqualTo("chrysalis " + password);
    assertThat(text("cassandra-2", CassandraConfiguration.JMX_ACCESS).strip())
        .isEqualTo("chrysalis readwrite");
  }

  @Test
  void theOptionsForOneStartBeginWithNone() throws IOException {
    assertThat(text("cassandra-0", CassandraConfiguration.OPTIONS).lines())
        .allMatch(line -> line.startsWith("#"));
  }

  private String text(String member, String file) throws IOException {
    return Files.readString(layout.cassandra().resolve(member).resolve(file));
  }
}
