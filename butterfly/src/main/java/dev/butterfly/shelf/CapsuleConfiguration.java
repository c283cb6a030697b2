package dev.butterfly.shelf;

import dev.butterfly.lab.ExhaustedHeap;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/// Capsule, wired: it keeps capsules in its own memory, until Cassandra is in the lab.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ExhaustedHeap.class)
public class CapsuleConfiguration {
  @Bean
  RouterFunction<ServerResponse> capsules() {
    return new ShelfRoutes("/api/capsules").routes();
  }
}
