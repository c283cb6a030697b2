package dev.butterfly.perception;

import com.zaxxer.hikari.HikariDataSource;
import dev.butterfly.lab.ExhaustedHeap;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Perception, wired.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ExhaustedHeap.class)
public class PerceptionConfiguration {
  @Bean
  HikariDataSource dataSource(Environment environment) {
    return new HikariDataSource(PerceptionDatabase.of(environment).pool());
  }

  @Bean
  RimController rimController(JdbcClient jdbc) {
    return new RimController(new RimTable(jdbc));
  }

  /// Takes the place of Spring Boot's own `db` indicator, which is content with a standby.
  @Bean
  HealthIndicator dbHealthIndicator(JdbcClient jdbc) {
    return new WritableDatabase(jdbc);
  }
}
