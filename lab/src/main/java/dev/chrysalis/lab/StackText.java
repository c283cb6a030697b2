package dev.chrysalis.lab;

import java.util.List;
import java.util.stream.Collectors;

/// The lab's `stack.yaml`.
record StackText(LabLayout layout, LabSecrets secrets, LabServices services) {
  private static final String CASSANDRA =
      """
        cassandra:
          kind: cassandra
          port: 9042
          syncPeriod: 1s
          backup:
            every: 1h
            logWithin: 20s
      """;

  String yaml() {
    return head()
        + services.all().stream().map(this::service).collect(Collectors.joining())
        + datastores()
        + (services.needRedis() ? redis() : "")
        + (services.needCassandra() ? CASSANDRA : "");
  }

  private String head() {
    return """
    version: 1
    stack: butterfly
    platform:
      kind: process
      directory: '%s'
    vault:
      location: '%s'
      passphraseFile: '%s'
    objectives:
      recoveryPoint: 1h
      service: 15m
      database: 1h
      corruption: 2h
    services:
    """
        .formatted(
            quoted(layout.platform().toString()),
            quoted(layout.vaultLocation()),
            quoted(secrets.vaultPassphrase().toString()));
  }

  private String service(LabService service) {
    return """
      %s:
        needs: [%s]
        replicas: %d
        port: 8080
        health: /actuator/health/readiness
        startsWithin: 45s
        metrics: /actuator/prometheus
        samples:
    %s\
          - method: POST
            path: %5$s
            body: '{"id":${id},"value":"${value}"}'
            status: 201
          - method: GET
            path: %5$s/${id}
            status: 200
            contains: ${value}
    """
        .formatted(
            service.word(),
            String.join(", ", needs(service)),
            service.replicas(),
            overview(service),
            service.collection());
  }

  private List<String> needs(LabService service) {
    return switch (service) {
      case PERCEPTION -> List.of(LabAddresses.POSTGRES);
      case ODYSSEY -> List.of(LabAddresses.REDIS);
      case CAPSULE, PLATO -> List.of(LabAddresses.CASSANDRA);
      case NEXUS -> services.needsOf(service).stream().map(LabService::word).toList();
    };
  }

  private static String overview(LabService service) {
    return service == LabService.NEXUS
        ? """
              - method: GET
                path: /api/overview
                status: 200
        """
        : "";
  }

  private String datastores() {
    return """
    datastores:
      postgres:
        kind: postgresql
        port: 5432
        clients:
          - service: perception
            variable: POSTGRES_HOST
        backup:
          every: 1h
          logWithin: 10s
          prove:
            verified: 1d
            restored: 7d
            queries:
              - name: rims-were-written
                database: perception
                sql: SELECT count(*) > 0 FROM rims
        dumps:
          location: '%s'
          database: perception
          owner: butterfly
          roles:
            - name: butterfly
              passwordFile: '%s'
          configuration: '%s'
    """
        .formatted(
            quoted(layout.dumps().toString()),
            quoted(secrets.butterflyPassword().toString()),
            quoted(layout.configuration().toString()));
  }

  private String redis() {
    return """
      redis:
        kind: redis
        port: 6379
        sentinel:
          workload: redis-sentinel
          port: 26379
          master: mymaster
        backup:
          every: 1h
          logWithin: 10s
        dumps:
          location: '%s'
    """
        .formatted(quoted(layout.dumps().toString()));
  }

  private static String quoted(String text) {
    return text.replace("'", "''");
  }
}
