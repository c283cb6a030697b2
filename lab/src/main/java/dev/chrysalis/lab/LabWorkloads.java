package dev.chrysalis.lab;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.chrysalis.platform.Workload;
import dev.chrysalis.platform.process.ContainerSpec;
import dev.chrysalis.platform.process.Readiness;
import dev.chrysalis.platform.process.StopSpec;
import dev.chrysalis.platform.process.WorkloadSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// What the lab's platform runs: PostgreSQL with an agent beside each member, and the services.
record LabWorkloads(
    LabLayout layout,
    LabSecrets secrets,
    LabPrograms programs,
    LabAddresses addresses,
    LabServices services) {
  /// A service's container.
  static final String SERVICE = "service";

  /// PostgreSQL's startup message of protocol 3.0, `user` is `chrysalis`, and the first byte of its
  /// answer when it would let a client in: it asks for a password.
  private static final String STARTUP =
      HexFormat.of().formatHex("\0\0\0\u0018\0\3\0\0user\0chrysalis\0\0".getBytes(US_ASCII));

  private static final String AUTHENTICATION = HexFormat.of().formatHex("R".getBytes(US_ASCII));
  private static final int NOBODYS_PORT = 1;
  private static final long STOP_GRACE_MILLIS = 5_000;
  private static final long PROGRESS_MILLIS = 60_000;

  WorkloadSpec postgres(PostgresDistribution postgres) {
    List<String> server =
        List.of(
            postgres.program("postgres").toString(),
            "-D",
            "${member.volume}/data",
            "-c",
            "listen_addresses=${member.address}",
            "-c",
            "cluster_name=${member.name}");
    List<String> agent = programs.agent();
    List<String> shipper = new ArrayList<>(agent);
    shipper.addAll(List.of("postgres", "ship"));
    return new WorkloadSpec(
        LabAddresses.POSTGRES,
        Workload.Kind.STATEFUL_SET,
        2,
        List.of(
            new ContainerSpec(
                "server",
                server,
                Map.of(),
                new Readiness.Exchange(LabAddresses.POSTGRES_PORT, STARTUP, AUTHENTICATION)),
            new ContainerSpec("shipper", shipper, Map.of(), new Readiness.Running())),
        postgresEnvironment(postgres),
        agent,
        true,
        addresses.postgres(),
        new StopSpec(StopSpec.Signal.INT, STOP_GRACE_MILLIS),
        PROGRESS_MILLIS);
  }

  /// All services of this lab.
  List<WorkloadSpec> serviceWorkloads() throws IOException {
    List<WorkloadSpec> all = new ArrayList<>();
    for (LabService service : services.all()) {
      all.add(service(service, programs.service(), serviceEnvironment(service)));
    }
    return all;
  }

  /// A release of a service whose program is not there, with the environment that the service has
  /// now: as a deploy that builds its specification itself would apply it.
  ///
  /// @param number of the release: each is another one to the platform
  WorkloadSpec brokenRelease(LabService service, int number, Map<String, String> environment)
      throws IOException {
    return service(service, programs.brokenService(number), environment);
  }

  /// What a configuration of a service must not say: the place of something that it needs, or of
  /// itself, with a port where nobody is. The service starts and never gets ready.
  Map<String, String> brokenConfiguration(LabService service) {
    return switch (service) {
      case PERCEPTION -> Map.of("POSTGRES_PORT", Integer.toString(NOBODYS_PORT));
      case NEXUS ->
          Map.of("PERCEPTION_URLS", addresses.urlList(LabService.PERCEPTION, NOBODYS_PORT));
      case ODYSSEY -> Map.of("REDIS_SENTINELS", addresses.sentinelList(NOBODYS_PORT));
      case CAPSULE, PLATO ->
          Map.of("CASSANDRA_CONTACT_POINTS", addresses.contactPoints(NOBODYS_PORT));
    };
  }

  private WorkloadSpec service(
      LabService service, List<String> program, Map<String, String> environment) {
    return new WorkloadSpec(
        service.word(),
        Workload.Kind.DEPLOYMENT,
        service.replicas(),
        List.of(
            new ContainerSpec(
                SERVICE,
                program,
                Map.of("SERVER_ADDRESS", "${member.address}", "BUTTERFLY_LAB", "true"),
                new Readiness.Http(LabAddresses.SERVICE_PORT, "/actuator/health/readiness"))),
        environment,
        List.of(),
        false,
        addresses.service(service),
        StopSpec.DEFAULT,
        PROGRESS_MILLIS);
  }

  private Map<String, String> serviceEnvironment(LabService service) {
    Map<String, String> environment = new HashMap<>();
    environment.put("BUTTERFLY_ROLE", service.word());
    if (service == LabService.PERCEPTION) {
      environment.put("POSTGRES_HOST", addresses.postgres().getFirst());
      environment.put("POSTGRES_PORT", Integer.toString(LabAddresses.POSTGRES_PORT));
      environment.put("POSTGRES_DB", "perception");
      environment.put("POSTGRES_USER", "butterfly");
      environment.put("POSTGRES_PASSWORD_FILE", secrets.butterflyPassword().toString());
    }
    if (service == LabService.ODYSSEY) {
      environment.put("REDIS_SENTINELS", addresses.sentinelList(LabAddresses.SENTINEL_PORT));
      environment.put("REDIS_MASTER_NAME", RedisTemplates.MASTER_NAME);
      environment.put("REDIS_PASSWORD_FILE", secrets.redisPassword().toString());
    }
    if (service == LabService.CAPSULE || service == LabService.PLATO) {
      environment.put(
          "CASSANDRA_CONTACT_POINTS", addresses.contactPoints(LabAddresses.CASSANDRA_PORT));
      environment.put("CASSANDRA_DATACENTER", CassandraConfiguration.DATACENTER);
      environment.put("CASSANDRA_USER", "butterfly");
      environment.put("CASSANDRA_PASSWORD_FILE", secrets.cassandraButterfly().toString());
    }
    for (LabService needed : services.needsOf(service)) {
      environment.put(
          needed.name() + "_URLS", addresses.urlList(needed, LabAddresses.SERVICE_PORT));
    }
    return environment;
  }

  private Map<String, String> postgresEnvironment(PostgresDistribution postgres) {
    return Map.ofEntries(
        Map.entry("CHRYSALIS_VAULT", layout.vaultLocation()),
        Map.entry("CHRYSALIS_PASSPHRASE_FILE", secrets.vaultPassphrase().toString()),
        Map.entry("CHRYSALIS_STORE", LabAddresses.POSTGRES),
        Map.entry("CHRYSALIS_MEMBER", "${member.name}"),
        Map.entry("CHRYSALIS_SPOOL", "${member.scratch}"),
        Map.entry("CHRYSALIS_SERVER_PROGRAMS", postgres.home().resolve("bin").toString()),
        Map.entry("CHRYSALIS_AGENT_JAVA_OPTIONS", programs.agentOptions()),
        Map.entry("PGDATA", "${member.volume}/data"),
        Map.entry("PGHOST", "${member.address}"),
        Map.entry("PGPORT", Integer.toString(LabAddresses.POSTGRES_PORT)),
        Map.entry("PGUSER", "chrysalis"),
        Map.entry("PGDATABASE", "postgres"),
        Map.entry("PGPASSFILE", secrets.passFile().toString()),
        Map.entry("PGPASSWORD_FILE", secrets.administratorPassword().toString()));
  }
}
