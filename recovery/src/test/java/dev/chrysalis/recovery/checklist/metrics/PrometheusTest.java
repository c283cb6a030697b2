package dev.chrysalis.recovery.checklist.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.stack.Observability;
import dev.chrysalis.model.stack.ServerReference;
import dev.chrysalis.recovery.checklist.http.Asked;
import dev.chrysalis.recovery.checklist.http.BoundedHttp;
import dev.chrysalis.recovery.checklist.http.FakeServer;
import dev.chrysalis.recovery.checklist.http.FakeServer.Says;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Prometheus' HTTP API in its real format.
class PrometheusTest {
  private static final String NONE =
      "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}";

  private final FakeServer server = FakeServer.saying(200, NONE);
  private final BoundedHttp http = new BoundedHttp(Duration.ofSeconds(20), 1 << 20);

  @AfterEach
  void end() {
    http.close();
    server.close();
  }

  @Test
  void tellsWhetherTargetsAreUpAndHowOldTheirNewestSampleIsByItsOwnClock() {
    server.answer(request ->
        new Says(
            200,
            request.text().contains("timestamp(")
                ? vector("\"instance\":\"a:8080\",\"job\":\"perception\"", "1795400100.5")
                : vector(
                    "\"__name__\":\"up\",\"instance\":\"a:8080\",\"job\":\"perception\"", "1")));

    assertThat(prometheus(Map.of()).targets("perception"))
        .isEqualTo(
            new Asked.Answered<>(
                List.of(new Prometheus.Target("a:8080", true, Duration.ofMillis(29_500)))));
    assertThat(server.requests())
        .extracting(FakeServer.Request::text)
        .containsExactly(
            "/api/v1/query?timeout=3s&query=up{job=\"perception\"}",
            "/api/v1/query?timeout=3s&query=timestamp(up{job=\"perception\"})");
  }

  @Test
  void asksByTheLabelsThatTheStackFileNames() {
    Map<String, String> labels = Map.of("namespace", "a\"b\\", "app", "perception");

    assertThat(prometheus(Map.of("perception", labels)).selector("perception"))
        .isEqualTo("app=\"perception\",namespace=\"a\\\"b\\\\\"");
  }

  @Test
  void knowsNoErrorsOfATimeThatItDidNotSee() {
    assertThat(prometheus(Map.of()).serverErrors("perception", Duration.ofSeconds(5)))
        .isEqualTo(
            new Asked.Unanswered<>(
                "Prometheus did not scrape http_server_requests_seconds_count for all 5 s"));
    assertThat(prometheus(Map.of()).serverErrorsADayBefore("perception"))
        .isEqualTo(new Asked.Unanswered<>("Prometheus holds nothing of a day before"));
  }

  @Test
  void takesNothingElseForItsApi() {
    server.answer(_ -> new Says(200, "{\"status\":\"error\",\"errorType\":\"timeout\"}"));
    assertThat(prometheus(Map.of()).targets("perception")).isInstanceOf(Asked.Unanswered.class);
    server.answer(_ -> new Says(200, vector("", "not a number")));
    assertThat(prometheus(Map.of()).targets("perception")).isInstanceOf(Asked.Unanswered.class);
    server.answer(_ -> new Says(200, "{\"status\":\"success\",\"data\":{\"result\":[1]}}"));
    assertThat(prometheus(Map.of()).targets("perception")).isInstanceOf(Asked.Unanswered.class);
  }

  private static String vector(String labels, String value) {
    return """
    {"status":"success","data":{"resultType":"vector","result":[
      {"metric":{%s},"value":[1795400130.000,"%s"]}]}}
    """
        .formatted(labels, value);
  }

  private Prometheus prometheus(Map<String, Map<String, String>> labels) {
    return new Prometheus(
        new Observability.Prometheus(
            new ServerReference(server.url(), null, labels), Duration.ofMinutes(2)),
        http);
  }
}
