package dev.chrysalis.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.platform.process.ContainerSpec;
import dev.chrysalis.platform.process.WorkloadSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CassandraWorkloadsTest {
  @TempDir private Path root;
  private LabSecrets secrets;
  private WorkloadSpec ring;

  @BeforeEach
  void specify() throws IOException {
    LabLayout layout = new LabLayout(root);
    secrets = LabSecrets.generate(Files.createDirectory(layout.secrets()), new Random(7));
    CassandraPrograms cassandra =
        new CassandraPrograms(
            Path.of("/jars"), Optional.of(Path.of(System.getProperty("java.home"), "bin", "java")));
    LabPrograms programs =
        new LabPrograms(
            Path.of("/java"),
            List.of(Path.of("/agent.jar")),
            "AgentMain",
            Path.of("/butterfly"),
            Path.of("/postgres.jar"),
            Path.of("/redis.jar"),
            cassandra,
            root.resolve("archives"));
    LabAddresses addresses = new LabAddresses(new LabNetwork("127.7.8"));
    ring = new CassandraWorkloads(layout, secrets, programs, cassandra, addresses).ring();
  }

  @Test
  void threeNodesRunWithAShipperBesideEach() {
    assertThat(ring.replicas()).isEqualTo(3);
    assertThat(ring.addresses()).startsWith("127.7.8.91", "127.7.8.92", "127.7.8.93");
    assertThat(ring.containers())
        .extracting(ContainerSpec::name)
        .containsExactly("server", "shipper");
    assertThat(ring.containers().getLast().command()).endsWith("AgentMain", "cassandra", "ship");
  }

  /// What an agent writes there for one start must win over the command's own options.
  @Test
  void theOptionsForOneStartAreReadLastAndTheConfigurationIsFirstOnTheClassPath() {
    String folder = root.resolve("cassandra") + "/${member.name}";
    assertThat(ring.main().command())
        .endsWith(
            "@" + folder + "/jvm-server.options",
            "-cp",
            folder + ":/jars/*",
            "org.apache.cassandra.service.CassandraDaemon");
  }

  @Test
  void noSecretIsInTheSpecification() throws IOException {
    for (Path secret : List.of(secrets.cassandraJmx(), secrets.cassandraAdministrator())) {
      assertThat(ring.toString()).doesNotContain(Files.readString(secret).strip());
    }
    assertThat(ring.environment())
        .containsEntry("CASSANDRA_JMX_PASSWORD_FILE", secrets.cassandraJmx().toString())
        .containsEntry("CASSANDRA_STORAGE", "${member.volume}");
  }
}
