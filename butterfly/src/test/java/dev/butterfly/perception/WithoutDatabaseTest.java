package dev.butterfly.perception;

import static org.assertj.core.api.Assertions.assertThat;

import dev.butterfly.RunningService;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WithoutDatabaseTest {
  private RunningService service;

  @BeforeAll
  void startBeforeTheDatabase(@TempDir Path folder) throws IOException {
    Path password = Files.writeString(folder.resolve("password"), "secret\n");
    service =
        RunningService.start(
            PerceptionConfiguration.class,
            Map.of(
                "POSTGRES_HOST",
                "127.0.0.1",
                "POSTGRES_PORT",
                Integer.toString(RunningService.portWithNobody()),
                "POSTGRES_PASSWORD_FILE",
                password.toString()));
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void itLivesButIsNotReady() throws Exception {
    assertThat(service.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    HttpResponse<String> readiness = service.get("/actuator/health/readiness");
    assertThat(readiness.statusCode()).isEqualTo(503);
    assertThat(readiness.body()).contains("the server does not answer");
  }

  @Test
  void aWriteIsNotAcknowledged() throws Exception {
    assertThat(write("{\"id\":1,\"value\":\"one\"}")).isEqualTo(503);
  }

  @Test
  void aRimWithoutAValueIsABadRequest() throws Exception {
    assertThat(write("{\"id\":1}")).isEqualTo(400);
    assertThat(write("rim")).isEqualTo(400);
  }

  @Test
  void itsMetricsCanBeScraped() throws Exception {
    assertThat(service.get("/actuator/prometheus").body()).contains("hikaricp_connections");
  }

  @Test
  void itsMetricsCountWhatFailed() throws Exception {
    assertThat(write("{\"id\":2,\"value\":\"two\"}")).isEqualTo(503);
    assertThat(service.get("/actuator/prometheus").body())
        .containsPattern("http_server_requests_seconds_count\\{.*status=\"503\",uri=\"/api/rims\"");
  }

  private int write(String body) throws IOException, InterruptedException {
    return service.post("/api/rims", body).statusCode();
  }
}
