package dev.butterfly.shelf;

import dev.butterfly.lab.ExhaustedHeap;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/// Odyssey, wired: it keeps journeys in its own memory, until Cassandra and Redis are in the lab.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ExhaustedHeap.class)
public class OdysseyConfiguration {
  @Bean
  RouterFunction<ServerResponse> journeys() {
    return new ShelfRoutes("/api/journeys").routes();
  }
}
