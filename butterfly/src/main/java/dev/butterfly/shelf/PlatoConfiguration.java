package dev.butterfly.shelf;

import dev.butterfly.lab.ExhaustedHeap;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/// Plato, wired: it keeps claims in Cassandra.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ExhaustedHeap.class)
public class PlatoConfiguration {
  @Bean(destroyMethod = "close")
  CassandraSession cassandraSession(Environment environment) {
    return Shelves.session(environment);
  }

  @Bean
  RouterFunction<ServerResponse> claims(CassandraSession cassandra) {
    return new ItemRoutes("/api/claims", new ItemTable(cassandra, "plato.claims")).routes();
  }

  /// The readiness group knows it by its name.
  @Bean
  HealthIndicator cassandraHealthIndicator(CassandraSession cassandra) {
    return new ServingRing(new ItemTable(cassandra, "plato.claims"));
  }
}
