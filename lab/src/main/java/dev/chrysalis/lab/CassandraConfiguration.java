package dev.chrysalis.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/// The configuration of each node of the ring, as a machine has it in `/etc/cassandra`: a folder
/// outside of the node's volume, into which its agent may write. All nodes are seeds, so that a
/// ring whose nodes are all started at once comes up, whoever is first.
record CassandraConfiguration(LabLayout layout, LabSecrets secrets, LabAddresses addresses) {
  /// The user of each node's JMX.
  static final String JMX_USER = "chrysalis";

  /// The ring's superuser.
  static final String ADMINISTRATOR = "chrysalis";

  static final String OPTIONS = "jvm-server.options";
  static final String JMX_PASSWORD = "jmxremote.password";
  static final String JMX_ACCESS = "jmxremote.access";
  static final String DATACENTER = "dc1";

  private static final FileAttribute<Set<PosixFilePermission>> FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final String LOGBACK =
      """
      <configuration>
        <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
          <encoder><pattern>%d %-5level %logger{0} %msg%n</pattern></encoder>
        </appender>
        <root level="INFO"><appender-ref ref="OUT"/></root>
      </configuration>
      """;

  /// Writes all of them into the folder, which is there and empty.
  void write() throws IOException {
    List<String> all = addresses.cassandra();
    for (int ordinal = 0; ordinal < all.size(); ordinal++) {
      Path folder = folder(LabAddresses.CASSANDRA + "-" + ordinal);
      Files.createDirectory(folder, FOLDER);
      file(folder, "cassandra.yaml", yaml(ordinal, all.get(ordinal)));
      file(folder, "cassandra-rackdc.properties", "dc=" + DATACENTER + "\nrack=rack1\n");
      file(folder, "logback.xml", LOGBACK);
      file(folder, OPTIONS, "# Options of this node's JVM, read at its start.\n");
      file(folder, JMX_PASSWORD, JMX_USER + " " + Files.readString(secrets.cassandraJmx()));
      file(folder, JMX_ACCESS, JMX_USER + " readwrite\n");
    }
  }

  /// The folder of the member of that name.
  Path folder(String member) {
    return layout.cassandra().resolve(member);
  }

  /// A table that is truncated leaves a snapshot (`auto_snapshot`, the server's default), by whose
  /// name the agent knows of it.
  private String yaml(int ordinal, String address) {
    return """
    cluster_name: butterfly
    num_tokens: 8
    partitioner: org.apache.cassandra.dht.Murmur3Partitioner
    seed_provider:
      - class_name: org.apache.cassandra.locator.SimpleSeedProvider
        parameters:
          - seeds: "%1$s"
    listen_address: %2$s
    rpc_address: %2$s
    endpoint_snitch: GossipingPropertyFileSnitch
    data_file_directories:
      - %3$s/data
    commitlog_directory: %3$s/commitlog
    hints_directory: %3$s/hints
    saved_caches_directory: %3$s/saved_caches
    cdc_raw_directory: %3$s/cdc_raw
    commitlog_sync: periodic
    commitlog_sync_period: 1000ms
    commitlog_segment_size: 4MiB
    auto_snapshot: true
    authenticator: PasswordAuthenticator
    authorizer: CassandraAuthorizer
    role_manager: CassandraRoleManager
    """
        .formatted(
            String.join(",", addresses.cassandraNodes()),
            address,
            layout.volume(LabAddresses.CASSANDRA + "-" + ordinal));
  }

  private static void file(Path folder, String name, String text) throws IOException {
    Path file = Files.createFile(folder.resolve(name), FILE);
    Files.writeString(file, text, StandardOpenOption.WRITE);
  }
}
