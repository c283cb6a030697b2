package dev.chrysalis.lab;

/// The lab's `stack.yaml`.
record StackText(LabLayout layout, LabSecrets secrets) {
  String yaml() {
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
      perception:
        needs: [postgres]
        replicas: 2
        port: 8080
        health: /actuator/health/readiness
        metrics: /actuator/prometheus
        samples:
          - method: POST
            path: /api/rims
            body: '{"id":${id},"value":"${value}"}'
            status: 201
          - method: GET
            path: /api/rims/${id}
            status: 200
            contains: ${value}
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
            quoted(layout.platform().toString()),
            quoted(layout.vaultLocation()),
            quoted(secrets.vaultPassphrase().toString()),
            quoted(layout.dumps().toString()),
            quoted(secrets.butterflyPassword().toString()),
            quoted(layout.configuration().toString()));
  }

  private static String quoted(String text) {
    return text.replace("'", "''");
  }
}
