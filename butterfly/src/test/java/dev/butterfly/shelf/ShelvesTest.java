package dev.butterfly.shelf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.butterfly.RunningService;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ShelvesTest {
  static Stream<Arguments> services() {
    return Stream.of(
        Arguments.of(CapsuleConfiguration.class, "/api/capsules"),
        Arguments.of(PlatoConfiguration.class, "/api/claims"));
  }

  @ParameterizedTest
  @MethodSource("services")
  void itServesWithoutAnyStore(Class<?> configuration, String path) throws Exception {
    try (RunningService service = RunningService.start(configuration, Map.of())) {
      assertThat(service.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
      assertThat(service.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
      keepsWhatItIsGiven(service, path);
      refusesWhatIsNoItem(service, path);
      assertThat(service.get("/actuator/prometheus").body())
          .containsPattern("http_server_requests_seconds_count\\{.*uri=\"" + path + "\"")
          .doesNotContain("hikaricp");
      assertThat(service.post("/lab/out-of-memory", "").statusCode())
          .as("outside of a lab")
          .isEqualTo(404);
    }
  }

  private static void keepsWhatItIsGiven(RunningService service, String path) throws Exception {
    String item = "{\"id\":7,\"value\":\"seven\"}";
    assertThat(service.post(path, item).statusCode()).isEqualTo(201);
    assertThat(service.post(path, item).statusCode()).isEqualTo(201);
    assertThat(service.get(path + "/7").body()).isEqualTo(item);
    assertThat(service.post(path, "{\"id\":7,\"value\":\"eight\"}").statusCode()).isEqualTo(409);
  }

  private static void refusesWhatIsNoItem(RunningService service, String path) throws Exception {
    assertThat(service.get(path + "/8").statusCode()).isEqualTo(404);
    assertThat(service.get(path + "/eight").statusCode()).isEqualTo(400);
    assertThat(service.post(path, "{\"id\":8}").statusCode()).isEqualTo(400);
    assertThat(service.post(path, "item").statusCode()).isEqualTo(400);
  }
}
