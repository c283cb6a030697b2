package dev.chrysalis.lab;

import dev.chrysalis.platform.Workload;
import dev.chrysalis.platform.process.ContainerSpec;
import dev.chrysalis.platform.process.Readiness;
import dev.chrysalis.platform.process.StopSpec;
import dev.chrysalis.platform.process.WorkloadSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What the lab's platform runs of Cassandra: nodes with an agent beside each.
record CassandraWorkloads(
    LabLayout layout,
    LabSecrets secrets,
    LabPrograms programs,
    CassandraPrograms cassandra,
    LabAddresses addresses) {
  /// The container of a node.
  static final String SERVER = "server";

  /// A node takes clients once it is a whole member of its ring: asked for its options (native
  /// protocol 4, OPTIONS) it says which it supports.
  private static final Readiness SERVES =
      new Readiness.Exchange(LabAddresses.CASSANDRA_PORT, "040000000500000000", "8400000006");

  private static final String MEMBER = "${member.name}";
  private static final String ADDRESS = "${member.address}";
  private static final String VOLUME = "${member.volume}";
  private static final long STOP_GRACE_MILLIS = 15_000;
  private static final long PROGRESS_MILLIS = 180_000;

  /// As in Cassandra's own jvm17-server.options.
  private static final List<String> OPENED =
      List.of(
          "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
          "--add-exports=java.management.rmi/com.sun.jmx.remote.internal.rmi=ALL-UNNAMED",
          "--add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED",
          "--add-exports=java.rmi/sun.rmi.server=ALL-UNNAMED",
          "--add-exports=java.sql/java.sql=ALL-UNNAMED",
          "--add-exports=java.base/java.lang.ref=ALL-UNNAMED",
          "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.module=ALL-UNNAMED",
          "--add-opens=java.base/jdk.internal.loader=ALL-UNNAMED",
          "--add-opens=java.base/jdk.internal.ref=ALL-UNNAMED",
          "--add-opens=java.base/jdk.internal.reflect=ALL-UNNAMED",
          "--add-opens=java.base/jdk.internal.math=ALL-UNNAMED",
          "--add-opens=java.base/jdk.internal.module=ALL-UNNAMED",
          "--add-opens=java.base/jdk.internal.util.jar=ALL-UNNAMED",
          "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-opens=java.base/java.io=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "-Djdk.attach.allowAttachSelf=true",
          "-Dio.netty.tryReflectionSetAccessible=true");

  /// A small node on a machine that has others, which need not be waited for long.
  private static final List<String> SMALL =
      List.of(
          "-Xms128M",
          "-Xmx384M",
          "-Xss256k",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Dcassandra.skip_wait_for_gossip_to_settle=0",
          "-Dcassandra.ring_delay_ms=1000",
          "-Dcassandra.shutdown_announce_in_ms=0",
          "-Dcassandra.superuser_setup_delay_ms=0",
          "-Dcassandra-foreground=yes",
          "-Dcassandra.system_auth.default_rf=" + LabAddresses.CASSANDRA_NODES);

  WorkloadSpec ring() {
    List<String> shipper = new ArrayList<>(programs.agent());
    shipper.addAll(List.of("cassandra", "ship"));
    return new WorkloadSpec(
        LabAddresses.CASSANDRA,
        Workload.Kind.STATEFUL_SET,
        LabAddresses.CASSANDRA_NODES,
        List.of(
            new ContainerSpec(SERVER, command(), Map.of(), SERVES),
            new ContainerSpec("shipper", shipper, Map.of(), new Readiness.Running())),
        environment(),
        programs.agent(),
        true,
        addresses.cassandra(),
        new StopSpec(StopSpec.Signal.TERM, STOP_GRACE_MILLIS),
        PROGRESS_MILLIS);
  }

  private String configuration(String file) {
    return layout.cassandra().resolve(MEMBER) + (file.isEmpty() ? "" : "/" + file);
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(cassandra.launcher().toString());
    command.addAll(OPENED);
    command.addAll(SMALL);
    command.addAll(remoteManagement());
    command.add("-Djava.io.tmpdir=${member.scratch}");
    command.add("-Dcassandra.config=file://" + configuration("cassandra.yaml"));
    command.add("-Dcassandra.storagedir=" + VOLUME);
    // Behind all else: what stands there for one start holds.
    command.add("@" + configuration(CassandraConfiguration.OPTIONS));
    command.addAll(List.of("-cp", configuration("") + ":" + cassandra.libraries() + "/*"));
    command.add("org.apache.cassandra.service.CassandraDaemon");
    return List.copyOf(command);
  }

  private List<String> remoteManagement() {
    String jmx = "-Dcom.sun.management.jmxremote.";
    return List.of(
        "-Djava.rmi.server.hostname=" + ADDRESS,
        jmx + "host=" + ADDRESS,
        jmx + "port=" + LabAddresses.CASSANDRA_JMX_PORT,
        jmx + "rmi.port=" + LabAddresses.CASSANDRA_JMX_PORT,
        jmx + "ssl=false",
        jmx + "authenticate=true",
        jmx + "password.file=" + configuration(CassandraConfiguration.JMX_PASSWORD),
        jmx + "access.file=" + configuration(CassandraConfiguration.JMX_ACCESS));
  }

  private Map<String, String> environment() {
    return Map.ofEntries(
        Map.entry("CHRYSALIS_VAULT", layout.vaultLocation()),
        Map.entry("CHRYSALIS_PASSPHRASE_FILE", secrets.vaultPassphrase().toString()),
        Map.entry("CHRYSALIS_STORE", LabAddresses.CASSANDRA),
        Map.entry("CHRYSALIS_MEMBER", MEMBER),
        Map.entry("CHRYSALIS_SPOOL", "${member.scratch}"),
        Map.entry("CHRYSALIS_AGENT_JAVA_OPTIONS", programs.agentOptions()),
        Map.entry("CASSANDRA_JMX_HOST", ADDRESS),
        Map.entry("CASSANDRA_JMX_PORT", Integer.toString(LabAddresses.CASSANDRA_JMX_PORT)),
        Map.entry("CASSANDRA_JMX_USER", CassandraConfiguration.JMX_USER),
        Map.entry("CASSANDRA_JMX_PASSWORD_FILE", secrets.cassandraJmx().toString()),
        Map.entry("CASSANDRA_CQL_HOSTS", ADDRESS),
        Map.entry("CASSANDRA_CQL_USER", CassandraConfiguration.ADMINISTRATOR),
        Map.entry("CASSANDRA_CQL_PASSWORD_FILE", secrets.cassandraAdministrator().toString()),
        Map.entry("CASSANDRA_JAVA", cassandra.launcher().toString()),
        Map.entry("CASSANDRA_LIBRARIES", cassandra.libraries().toString()),
        Map.entry("CASSANDRA_STORAGE", VOLUME),
        Map.entry("CASSANDRA_CONF", configuration("")));
  }
}
