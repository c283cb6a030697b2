package dev.butterfly.nexus;

import dev.butterfly.lab.ExhaustedHeap;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/// Nexus, wired. Where the others are, `PERCEPTION_URLS`, `CAPSULE_URLS`, `ODYSSEY_URLS` and
/// `PLATO_URLS` say: addresses of members, with commas between them. Perception is needed; another
/// that is not named is not.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ExhaustedHeap.class)
public class NexusConfiguration {
  private static final Duration CONNECT_PATIENCE = Duration.ofMillis(300);
  private static final List<String> OTHERS = List.of("capsule", "odyssey", "plato");

  @Bean(destroyMethod = "shutdownNow")
  HttpClient http() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(CONNECT_PATIENCE)
        .build();
  }

  @Bean
  NeededService perception(Environment environment, HttpClient http) {
    return new NeededService(
        "perception",
        NeededService.addresses(environment.getRequiredProperty("PERCEPTION_URLS")),
        http);
  }

  /// The readiness group knows it by its name.
  @Bean
  Needs needs(Environment environment, HttpClient http, NeededService perception) {
    List<NeededService> services = new ArrayList<>(List.of(perception));
    for (String name : OTHERS) {
      String urls = environment.getProperty(name.toUpperCase(Locale.ROOT) + "_URLS", "");
      if (!urls.isBlank()) {
        services.add(new NeededService(name, NeededService.addresses(urls), http));
      }
    }
    return new Needs(services);
  }

  @Bean
  NexusController nexusController(Needs needs, NeededService perception) {
    return new NexusController(needs, perception);
  }
}
