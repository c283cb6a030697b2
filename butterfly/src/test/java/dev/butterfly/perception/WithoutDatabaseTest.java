package dev.butterfly.perception;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WithoutDatabaseTest {
  private final HttpClient http = HttpClient.newHttpClient();
  private ConfigurableApplicationContext service;
  private String base;

  @BeforeAll
  void startBeforeTheDatabase(@TempDir Path folder) throws IOException {
    Path password = Files.writeString(folder.resolve("password"), "secret\n");
    SpringApplication application = new SpringApplication(PerceptionConfiguration.class);
    application.setDefaultProperties(
        Map.of(
            "POSTGRES_HOST",
            "127.0.0.1",
            "POSTGRES_PORT",
            portWithNobody(),
            "POSTGRES_PASSWORD_FILE",
            password.toString(),
            "SERVER_PORT",
            "0"));
    service = application.run();
    base = "http://127.0.0.1:" + service.getEnvironment().getProperty("local.server.port");
  }

  @AfterAll
  void stop() {
    service.close();
    http.close();
  }

  @Test
  void itLivesButIsNotReady() throws Exception {
    assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    HttpResponse<String> readiness = get("/actuator/health/readiness");
    assertThat(readiness.statusCode()).isEqualTo(503);
    assertThat(readiness.body()).contains("the server does not answer");
  }

  @Test
  void aWriteIsNotAcknowledged() throws Exception {
    assertThat(post("{\"id\":1,\"value\":\"one\"}").statusCode()).isEqualTo(503);
  }

  @Test
  void aRimWithoutAValueIsABadRequest() throws Exception {
    assertThat(post("{\"id\":1}").statusCode()).isEqualTo(400);
    assertThat(post("rim").statusCode()).isEqualTo(400);
  }

  @Test
  void itsMetricsCanBeScraped() throws Exception {
    assertThat(get("/actuator/prometheus").body()).contains("hikaricp_connections");
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(base + path)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + "/api/rims"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private static int portWithNobody() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
