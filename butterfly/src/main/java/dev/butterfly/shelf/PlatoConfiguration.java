package dev.butterfly.shelf;

import dev.butterfly.lab.ExhaustedHeap;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/// Plato, wired: it keeps claims in its own memory, until Cassandra is in the lab.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ExhaustedHeap.class)
public class PlatoConfiguration {
  @Bean
  RouterFunction<ServerResponse> claims() {
    return new ShelfRoutes("/api/claims").routes();
  }
}
