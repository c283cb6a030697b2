package dev.butterfly.shelf;

import java.util.List;
import org.springframework.core.env.Environment;

/// What capsule and plato share.
final class Shelves {
  static final String DATACENTER = "dc1";
  static final String USER = "butterfly";

  /// The tables, each in a keyspace of its own.
  static final List<String> TABLES = List.of("capsule.capsules", "plato.claims");

  private Shelves() {}

  static CassandraSession session(Environment environment) {
    return new CassandraSession(
        ContactPoints.of(
            environment::getRequiredProperty,
            environment.getProperty("CASSANDRA_DATACENTER", DATACENTER),
            environment.getProperty("CASSANDRA_USER", USER)));
  }
}
