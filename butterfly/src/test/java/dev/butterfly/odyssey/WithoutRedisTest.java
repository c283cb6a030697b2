package dev.butterfly.odyssey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.butterfly.RunningService;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WithoutRedisTest {
  private static final String PATH = "/api/journeys";
  private RunningService service;

  @BeforeAll
  void startBeforeRedis(@TempDir Path folder) throws IOException {
    Path password = Files.writeString(folder.resolve("password"), "secret\n");
    service =
        RunningService.start(
            OdysseyConfiguration.class,
            Map.of(
                "REDIS_SENTINELS",
                "127.0.0.1:" + RunningService.portWithNobody(),
                "REDIS_PASSWORD_FILE",
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
    assertThat(readiness.body()).contains("the master does not answer");
  }

  @Test
  void aWriteIsNotAcknowledged() throws Exception {
    assertThat(service.post(PATH, "{\"id\":1,\"value\":\"one\"}").statusCode()).isEqualTo(503);
    assertThat(service.get(PATH + "/1").statusCode()).isEqualTo(503);
    assertThat(service.get("/actuator/prometheus").body())
        .containsPattern("http_server_requests_seconds_count\\{.*status=\"503\",uri=\"" + PATH);
  }

  @Test
  void aJourneyWithoutAValueIsABadRequest() throws Exception {
    assertThat(service.post(PATH, "{\"id\":1}").statusCode()).isEqualTo(400);
    assertThat(service.post(PATH, "journey").statusCode()).isEqualTo(400);
    assertThat(service.get(PATH + "/eight").statusCode()).isEqualTo(400);
  }

  @Test
  void settingsWithoutASentinelAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Sentinels(Set.of(), "mymaster", Path.of("/nowhere")))
        .withMessage("REDIS_SENTINELS names no Sentinel");
  }
}
