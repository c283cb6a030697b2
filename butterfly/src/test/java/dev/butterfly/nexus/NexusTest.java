package dev.butterfly.nexus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.butterfly.RunningService;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class NexusTest {
  private StandInMember perception;
  private StandInMember plato;
  private RunningService nexus;

  @BeforeEach
  void start() throws IOException {
    perception = new StandInMember();
    plato = new StandInMember();
    String nobody = "http://127.0.0.1:" + RunningService.portWithNobody();
    nexus =
        RunningService.start(
            NexusConfiguration.class,
            Map.of("PERCEPTION_URLS", nobody + ", " + perception.url(), "PLATO_URLS", plato.url()));
  }

  @AfterEach
  void stop() {
    nexus.close();
    plato.close();
    perception.close();
  }

  @Test
  void itServesWhileSomeMemberOfEachServiceDoes() throws Exception {
    HttpResponse<String> overview = nexus.get("/api/overview");
    assertThat(overview.statusCode()).isEqualTo(200);
    assertThat(overview.body()).isEqualTo("{\"serves\":{\"perception\":true,\"plato\":true}}");
    assertThat(nexus.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
  }

  @Test
  void itIsNotReadyWithoutOneOfThemButLives() throws Exception {
    plato.answersWith(503);
    HttpResponse<String> overview = nexus.get("/api/overview");
    assertThat(overview.statusCode()).isEqualTo(503);
    assertThat(overview.body()).isEqualTo("{\"serves\":{\"perception\":true,\"plato\":false}}");
    HttpResponse<String> readiness = nexus.get("/actuator/health/readiness");
    assertThat(readiness.statusCode()).isEqualTo(503);
    assertThat(readiness.body()).contains("\"plato\":false");
    assertThat(nexus.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    plato.close();
    assertThat(nexus.get("/api/overview").body()).contains("\"plato\":false");
  }

  @Test
  void itPassesRimsOnToAMemberThatAnswers() throws Exception {
    assertThat(nexus.post("/api/rims", "{\"id\":1}").body())
        .isEqualTo("\"POST /api/rims {'id':1}\"");
    assertThat(nexus.get("/api/rims/1").body()).isEqualTo("\"GET /api/rims/1\"");
    assertThat(perception.asked()).containsExactly("POST /api/rims {\"id\":1}", "GET /api/rims/1");
  }

  @Test
  void itAnswersWhatPerceptionAnswers() throws Exception {
    perception.answersWith(409);
    assertThat(nexus.post("/api/rims", "{}").statusCode()).isEqualTo(409);
    perception.answersWith(503);
    assertThat(nexus.post("/api/rims", "{}").statusCode()).isEqualTo(503);
    assertThat(nexus.get("/actuator/prometheus").body())
        .containsPattern("http_server_requests_seconds_count\\{.*status=\"503\",uri=\"/api/rims\"");
  }

  @Test
  void aRequestThatNobodyAnswersFails() throws Exception {
    perception.close();
    HttpResponse<String> read = nexus.get("/api/rims/1");
    assertThat(read.statusCode()).isEqualTo(503);
    assertThat(read.body()).contains("perception does not answer");
  }
}
