package dev.butterfly.nexus;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Everything that nexus needs; up while all of it serves.
final class Needs implements HealthIndicator {
  private final List<NeededService> services;

  Needs(List<NeededService> services) {
    this.services = List.copyOf(services);
  }

  /// Of each service whether it serves, asked side by side.
  record Overview(Map<String, Boolean> serves) {
    boolean whole() {
      return !serves.containsValue(false);
    }
  }

  Overview look() {
    Map<String, CompletableFuture<Boolean>> asked = new LinkedHashMap<>();
    try (ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor()) {
      services.forEach(s -> asked.put(s.name(), CompletableFuture.supplyAsync(s::serves, beside)));
    }
    Map<String, Boolean> serves = new LinkedHashMap<>();
    asked.forEach((name, answer) -> serves.put(name, answer.join()));
    return new Overview(serves);
  }

  @Override
  public Health health() {
    Overview now = look();
    return (now.whole() ? Health.up() : Health.down()).withDetails(now.serves()).build();
  }
}
