package dev.chrysalis.lab;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.chrysalis.platform.Workload;
import dev.chrysalis.platform.process.ContainerSpec;
import dev.chrysalis.platform.process.Readiness;
import dev.chrysalis.platform.process.StopSpec;
import dev.chrysalis.platform.process.WorkloadSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// What the lab's platform runs: PostgreSQL with an agent beside each member, and perception.
record LabWorkloads(
    LabLayout layout, LabSecrets secrets, LabPrograms programs, LabAddresses addresses) {
  /// PostgreSQL's startup message of protocol 3.0, `user` is `chrysalis`, and the first byte of its
  /// answer when it would let a client in: it asks for a password.
  private static final String STARTUP =
      HexFormat.of().formatHex("\0\0\0\u0018\0\3\0\0user\0chrysalis\0\0".getBytes(US_ASCII));

  private static final String AUTHENTICATION = HexFormat.of().formatHex("R".getBytes(US_ASCII));
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

  WorkloadSpec perception() throws IOException {
    return new WorkloadSpec(
        LabAddresses.PERCEPTION,
        Workload.Kind.DEPLOYMENT,
        2,
        List.of(
            new ContainerSpec(
                "service",
                programs.service(),
                Map.of("SERVER_ADDRESS", "${member.address}"),
                new Readiness.Http(LabAddresses.SERVICE_PORT, "/actuator/health/readiness"))),
        Map.of(
            "BUTTERFLY_ROLE",
            "perception",
            "POSTGRES_HOST",
            addresses.postgres().getFirst(),
            "POSTGRES_PORT",
            Integer.toString(LabAddresses.POSTGRES_PORT),
            "POSTGRES_DB",
            "perception",
            "POSTGRES_USER",
            "butterfly",
            "POSTGRES_PASSWORD_FILE",
            secrets.butterflyPassword().toString()),
        List.of(),
        false,
        addresses.perception(),
        StopSpec.DEFAULT,
        PROGRESS_MILLIS);
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
