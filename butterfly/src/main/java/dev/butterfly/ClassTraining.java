package dev.butterfly;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/// Starts one role of each kind, on a free port and without what it needs, and asks it for what a
/// platform asks first, so that a JVM which is told to learn from this run knows the classes that
/// all roles load.
final class ClassTraining {
  /// Plato loads what capsule does.
  private static final List<Role> ROLES =
      List.of(Role.PERCEPTION, Role.CAPSULE, Role.ODYSSEY, Role.NEXUS);

  private static final List<String> PATHS =
      List.of("/actuator/health/readiness", "/actuator/prometheus", "/api/overview");

  private ClassTraining() {}

  public static void main(String[] ignored) throws IOException, InterruptedException {
    Path password = Files.createTempFile("butterfly", ".training");
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (Role role : ROLES) {
        start(role, password, http);
      }
    } finally {
      Files.delete(password);
    }
  }

  private static void start(Role role, Path password, HttpClient http)
      throws IOException, InterruptedException {
    SpringApplication application = new SpringApplication(role.configuration());
    application.setDefaultProperties(
        Map.of(
            "SERVER_PORT", "0",
            "CASSANDRA_CONTACT_POINTS", "127.0.0.1:1",
            "CASSANDRA_PASSWORD_FILE", password.toString(),
            "POSTGRES_HOST", "127.0.0.1",
            "POSTGRES_PORT", "1",
            "POSTGRES_PASSWORD_FILE", password.toString(),
            "REDIS_SENTINELS", "127.0.0.1:1",
            "REDIS_PASSWORD_FILE", password.toString(),
            "PERCEPTION_URLS", "http://127.0.0.1:1"));
    try (ConfigurableApplicationContext service = application.run()) {
      String port = service.getEnvironment().getProperty("local.server.port");
      for (String path : PATHS) {
        URI asked = URI.create("http://127.0.0.1:" + port + path);
        var _ = http.send(HttpRequest.newBuilder(asked).build(), BodyHandlers.discarding());
      }
    }
  }
}
