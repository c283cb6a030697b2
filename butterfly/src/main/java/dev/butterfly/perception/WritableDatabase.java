package dev.butterfly.perception;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Up while the database answers and takes writes: a standby is not what perception needs.
final class WritableDatabase implements HealthIndicator {
  private final JdbcClient jdbc;

  WritableDatabase(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public Health health() {
    try {
      boolean standby =
          jdbc.sql("SELECT pg_is_in_recovery()").query(Boolean.class).optional().orElse(true);
      return standby
          ? Health.down().withDetail("reason", "the server is in recovery").build()
          : Health.up().build();
    } catch (DataAccessException e) {
      return Health.down().withDetail("reason", "the server does not answer").build();
    }
  }
}
