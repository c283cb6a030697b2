package dev.chrysalis.cassandra.server;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import dev.chrysalis.cassandra.CassandraNode;
import dev.chrysalis.cassandra.agent.files.NodeFolders;
import dev.chrysalis.cassandra.agent.server.NodeConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One node of a `TestRing`: its own folder, loopback address and process.
public final class TestNode {
  public static final String KEY_STORE_PASSWORD = "cocooned";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path folder;
  private final String address;
  private final String seeds;
  private final int nodes;
  private String clientsAddress;
  private Optional<Path> keyStore = Optional.empty();
  private Optional<Path> encryption = Optional.empty();
  private @Nullable Process process;

  /// @param nodes of its ring, all of which are to have the roles
  TestNode(Path folder, String address, String seeds, int nodes) {
    this.folder = folder;
    this.address = address;
    this.clientsAddress = address;
    this.seeds = seeds;
    this.nodes = nodes;
    try {
      Files.createDirectories(folder.resolve("conf"));
      ServerProgram.own(folder);
      configure();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void configure() throws IOException {
    Path conf = folder.resolve("conf");
    Files.writeString(conf.resolve("cassandra.yaml"), yaml());
    Files.writeString(conf.resolve("cassandra-rackdc.properties"), "dc=dc1\nrack=rack1\n");
    Files.writeString(
        conf.resolve("logback.xml"),
        """
        <configuration>
          <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
            <encoder><pattern>%d %-5level %logger{0} %msg%n</pattern></encoder>
          </appender>
          <root level="INFO"><appender-ref ref="OUT"/></root>
        </configuration>
        """);
  }

  private String yaml() {
    NodeFolders folders = folders();
    return """
    cluster_name: butterfly
    num_tokens: 8
    partitioner: org.apache.cassandra.dht.Murmur3Partitioner
    seed_provider:
      - class_name: org.apache.cassandra.locator.SimpleSeedProvider
        parameters: [{seeds: "%s"}]
    listen_address: %s
    rpc_address: %s
    endpoint_snitch: GossipingPropertyFileSnitch
    data_file_directories: [%s]
    commitlog_directory: %s
    hints_directory: %s
    saved_caches_directory: %s
    cdc_raw_directory: %s
    commitlog_sync: periodic
    %s
    auto_snapshot: true
    hinted_handoff_enabled: false
    auto_bootstrap: false
    authenticator: PasswordAuthenticator
    authorizer: CassandraAuthorizer
    role_manager: CassandraRoleManager
    """
        .formatted(
            seeds,
            address,
            address,
            folders.data().getFirst(),
            folders.commitLog(),
            folders.hints(),
            folders.savedCaches(),
            folder.resolve("cdc"),
            releaseSettings());
  }

  /// A slow disk is no reason to refuse requests. 4.0 has other names, with the unit in them.
  private static String releaseSettings() {
    return ServerProgram.isRelease("4.0")
        ? """
        commitlog_sync_period_in_ms: 1000
        commitlog_segment_size_in_mb: 4
        read_request_timeout_in_ms: 30000
        range_request_timeout_in_ms: 30000
        write_request_timeout_in_ms: 30000
        """
        : """
        commitlog_sync_period: 1000ms
        commitlog_segment_size: 4MiB
        read_request_timeout: 30s
        range_request_timeout: 30s
        write_request_timeout: 30s
        """;
  }

  /// From its next start on its JMX speaks TLS only.
  ///
  /// @param file a key store that the server may read, with `KEY_STORE_PASSWORD`
  public void speakTls(Path file) {
    keyStore = Optional.of(file);
  }

  /// From its next start on it compresses its commit log.
  void compressLog() throws IOException {
    Files.writeString(
        conf().resolve("cassandra.yaml"),
        "commitlog_compression: [{class_name: LZ4Compressor}]\n",
        StandardOpenOption.APPEND);
  }

  /// From its next start on it encrypts its commit log.
  ///
  /// @param file a key store that the server may read, with `KEY_STORE_PASSWORD`
  void encryptLog(Path file, String alias) throws IOException {
    Files.writeString(
        conf().resolve("cassandra.yaml"),
        """
        transparent_data_encryption_options:
          enabled: true
          cipher: AES/CBC/PKCS5Padding
          key_alias: %1$s
          key_provider:
            - class_name: org.apache.cassandra.security.JKSKeyProvider
              parameters:
                - keystore: %2$s
                  keystore_password: %3$s
                  store_type: JCEKS
                  key_password: %3$s
        """
            .formatted(alias, file, KEY_STORE_PASSWORD),
        StandardOpenOption.APPEND);
  }

  /// From its next start on clients reach it at an address of their own only, which the others do
  /// not use.
  void servesClientsAt(String other) throws IOException {
    clientsAddress = other;
    Path yaml = conf().resolve("cassandra.yaml");
    Files.writeString(
        yaml,
        Files.readString(yaml)
            .replace("rpc_address: " + address + "\n", "rpc_address: " + other + "\n"));
  }

  /// Where clients reach it.
  String clientsAddress() {
    return clientsAddress;
  }

  /// From its next start on it speaks TLS only, with its clients and with other nodes, which have
  /// to show a certificate.
  ///
  /// @param file a key store as for `speakTls`
  void encrypt(Path file) throws IOException {
    encryption = Optional.of(file);
    String keys =
        """
          keystore: %1$s
          keystore_password: %2$s
          truststore: %1$s
          truststore_password: %2$s
        """
            .formatted(file, KEY_STORE_PASSWORD);
    Files.writeString(
        conf().resolve("cassandra.yaml"),
        "server_encryption_options:\n  internode_encryption: all\n  require_client_auth: true\n"
            + keys
            + "client_encryption_options:\n  enabled: true\n  optional: false\n"
            + keys,
        StandardOpenOption.APPEND);
  }

  /// Starts the process and does not wait.
  public void launch() {
    List<String> settings = new ArrayList<>(options());
    settings.add("-Dcassandra.system_auth.default_rf=" + nodes);
    settings.add("-Djava.rmi.server.hostname=" + address);
    settings.add("-Dcom.sun.management.jmxremote.host=" + address);
    settings.add("-Dcom.sun.management.jmxremote.port=" + CassandraNode.JMX_PORT);
    settings.add("-Dcom.sun.management.jmxremote.rmi.port=" + CassandraNode.JMX_PORT);
    settings.add("-Dcom.sun.management.jmxremote.authenticate=false");
    settings.add("-Dcom.sun.management.jmxremote.ssl=" + keyStore.isPresent());
    keyStore.ifPresent(file -> {
      settings.add("-Dcom.sun.management.jmxremote.registry.ssl=true");
      settings.add("-Djavax.net.ssl.keyStore=" + file);
      settings.add("-Djavax.net.ssl.keyStorePassword=" + KEY_STORE_PASSWORD);
    });
    try {
      process =
          new ProcessBuilder(ServerProgram.command(folder, settings))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// As Cassandra's own start script reads them.
  private List<String> options() {
    Path file = conf().resolve("jvm-server.options");
    try {
      return Files.exists(file)
          ? Files.readAllLines(file).stream().filter(line -> line.startsWith("-")).toList()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public boolean isRunning() {
    Process current = process;
    return current != null && current.isAlive();
  }

  /// Ends it as a crash does.
  public void kill() {
    Process current = process;
    if (current == null) {
      return;
    }
    try {
      current.destroyForcibly();
      if (!current.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException(this + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Removes all that is the node's own.
  public void loseVolume() {
    folders().all().forEach(TestNode::deleteTree);
  }

  /// A session of a client with this node, to be closed.
  public CqlSession session(String user, String password) {
    DriverConfigLoader config =
        DriverConfigLoader.programmaticBuilder()
            .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, PATIENCE)
            .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, PATIENCE)
            .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, PATIENCE)
            .build();
    CqlSessionBuilder builder = CqlSession.builder();
    encryption.ifPresent(file -> builder.withSslContext(TestKeys.trusting(file)));
    return builder
        .addContactPoint(new InetSocketAddress(clientsAddress, 9042))
        .withLocalDatacenter("dc1")
        .withAuthCredentials(user, password)
        .withConfigLoader(config)
        .build();
  }

  /// How an agent reaches it.
  public CassandraNode node() {
    return new CassandraNode(
        address, CassandraNode.JMX_PORT, "", Optional.empty(), keyStore.isPresent());
  }

  public NodeConnection connection() {
    return new NodeConnection(node(), PATIENCE);
  }

  public NodeFolders folders() {
    return NodeFolders.below(folder.resolve("storage"));
  }

  /// The folder of its configuration.
  public Path conf() {
    return folder.resolve("conf");
  }

  public String address() {
    return address;
  }

  /// What it has written to its log.
  public String log() {
    try {
      return Files.exists(logFile()) ? Files.readString(logFile()) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The end of it.
  public String newestLog() {
    String all = log();
    return all.substring(Math.max(0, all.length() - 6000));
  }

  /// What it is doing: it tells that in its log when it is asked to (SIGQUIT).
  String threads() {
    Process current = process;
    if (current == null || !current.isAlive()) {
      return "it does not run";
    }
    try {
      new ProcessBuilder("kill", "-QUIT", Long.toString(current.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return "pid " + current.pid();
  }

  private Path logFile() {
    return folder.resolve("server.log");
  }

  private static void deleteTree(Path root) {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ends it and removes its folder.
  void remove() {
    kill();
    deleteTree(folder);
  }

  @Override
  public String toString() {
    return "Cassandra at " + address;
  }
}
