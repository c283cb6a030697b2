package dev.butterfly.odyssey;

import dev.butterfly.lab.ExhaustedHeap;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/// Odyssey, wired.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ExhaustedHeap.class)
public class OdysseyConfiguration {
  @Bean(destroyMethod = "close")
  RedisMaster redisMaster(Environment environment) {
    return new RedisMaster(Sentinels.of(environment));
  }

  @Bean
  JourneyController journeyController(RedisMaster redis) {
    return new JourneyController(new JourneyKeys(redis));
  }

  /// The readiness group knows it by its name.
  @Bean
  HealthIndicator redisHealthIndicator(RedisMaster redis) {
    return new WritableRedis(redis);
  }
}
