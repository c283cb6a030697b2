package dev.butterfly.shelf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.butterfly.RunningService;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WithoutCassandraTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "dev.butterfly.shelf.CapsuleConfiguration, /api/capsules",
    "dev.butterfly.shelf.PlatoConfiguration, /api/claims"
  })
  void itLivesAndAcknowledgesNothing(Class<?> configuration, String path) throws Exception {
    try (RunningService service = start(configuration)) {
      assertThat(service.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
      HttpResponse<String> readiness = service.get("/actuator/health/readiness");
      assertThat(readiness.statusCode()).isEqualTo(503);
      assertThat(readiness.body()).contains("the ring has no quorum for this");

      assertThat(service.post(path, "{\"id\":1,\"value\":\"one\"}").statusCode()).isEqualTo(503);
      assertThat(service.get(path + "/1").statusCode()).isEqualTo(503);
      assertThat(service.get(path).statusCode()).isEqualTo(503);
      assertThat(service.get("/actuator/prometheus").body())
          .containsPattern("http_server_requests_seconds_count\\{.*status=\"503\",uri=\"" + path)
          .doesNotContain("hikaricp");
      refusesWhatIsNoItem(service, path);
      assertThat(service.post("/lab/out-of-memory", "").statusCode())
          .as("outside of a lab")
          .isEqualTo(404);
    }
  }

  private static void refusesWhatIsNoItem(RunningService service, String path) throws Exception {
    assertThat(service.get(path + "/eight").statusCode()).isEqualTo(400);
    assertThat(service.get(path + "?after=all").statusCode()).isEqualTo(400);
    assertThat(service.post(path, "{\"id\":8}").statusCode()).isEqualTo(400);
    assertThat(service.post(path, "item").statusCode()).isEqualTo(400);
  }

  @Test
  void settingsWithoutANodeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ContactPoints.of(_ -> " , ", "dc1", "butterfly"))
        .withMessage("CASSANDRA_CONTACT_POINTS names no node");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ContactPoints.of(_ -> "127.1.1.1", "dc1", "butterfly"))
        .withMessage("CASSANDRA_CONTACT_POINTS: no host and port: 127.1.1.1");
  }

  private RunningService start(Class<?> configuration) throws IOException {
    Path password = Files.writeString(folder.resolve("password"), "secret\n");
    return RunningService.start(
        configuration,
        Map.of(
            "CASSANDRA_CONTACT_POINTS",
            "127.0.0.1:" + RunningService.portWithNobody(),
            "CASSANDRA_PASSWORD_FILE",
            password.toString()));
  }
}
