package dev.chrysalis.recovery.checklist.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.stack.Observability;
import dev.chrysalis.model.stack.ServerReference;
import dev.chrysalis.recovery.checklist.http.Asked;
import dev.chrysalis.recovery.checklist.http.BoundedHttp;
import dev.chrysalis.recovery.checklist.http.FakeServer;
import dev.chrysalis.recovery.checklist.http.FakeServer.Says;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Loki and Elasticsearch, in the formats that they really answer in.
class LogAggregatorsTest {
  private static final Instant NOW = Instant.parse("2026-11-23T02:15:30Z");
  private static final Instant SINCE = NOW.minusSeconds(300);
  private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

  private final FakeServer server = FakeServer.saying(500, "");
  private final BoundedHttp http = new BoundedHttp(Duration.ofSeconds(20), 1 << 20);

  @AfterEach
  void end() {
    http.close();
    server.close();
  }

  @Test
  void lokiIsAskedForTheNewestLineOfAService() {
    says(
        """
        {"status":"success","data":{"resultType":"streams","result":[
          {"stream":{"app":"perception","pod":"perception-0"},
           "values":[["1795400128000000500","started"]]},
          {"stream":{"app":"perception","pod":"perception-1"},
           "values":[["1795400120000000000","started"]]}],
          "stats":{"summary":{"bytesProcessedPerSecond":1}}}}
        """);

    assertThat(loki().newest("perception", SINCE))
        .isEqualTo(answered(Optional.of(Instant.parse("2026-11-23T02:15:28.000000500Z"))));
    assertThat(asked().text())
        .startsWith("/loki/api/v1/query_range?limit=1&direction=backward")
        .contains("start=1795399830000000000", "end=1795400130000000000")
        .endsWith("query={app=\"perception\",namespace=\"b\\\"f\"}");
    assertThat(asked().headers()).containsEntry("X-scope-orgid", List.of("butterfly"));
  }

  @Test
  void lokiHoldsNothingOfAServiceThatItGotNoLineOf() {
    says("{\"status\":\"success\",\"data\":{\"resultType\":\"streams\",\"result\":[]}}");

    assertThat(loki().newest("perception", SINCE)).isEqualTo(answered(Optional.empty()));
  }

  @Test
  void lokiCountsLinesThatSayError() {
    says(
        """
        {"status":"success","data":{"resultType":"vector","result":[
          {"metric":{},"value":[1795400130.123,"17"]}]}}
        """);

    assertThat(loki().errors("perception", FIVE_MINUTES)).isEqualTo(answered(17.0));
    assertThat(asked().text())
        .startsWith("/loki/api/v1/query?query=sum(count_over_time({app=\"perception\"")
        .endsWith("|~ `\\bERROR\\b` [300s]))");
    says("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}");
    assertThat(loki().errors("perception", FIVE_MINUTES)).isEqualTo(answered(0.0));
  }

  @Test
  void lokiThatSaysSomethingElseIsNoAnswer() {
    says("{\"status\":\"error\",\"error\":\"parse error\"}");
    assertThat(loki().newest("perception", SINCE)).isInstanceOf(Asked.Unanswered.class);
    says("{\"status\":\"success\",\"data\":{\"result\":[{\"values\":[[\"soon\",\"x\"]]}]}}");
    assertThat(loki().newest("perception", SINCE)).isInstanceOf(Asked.Unanswered.class);
    says("{\"status\":\"success\",\"data\":{\"result\":[{\"value\":[1,\"many\"]}]}}");
    assertThat(loki().errors("perception", FIVE_MINUTES)).isInstanceOf(Asked.Unanswered.class);
  }

  @Test
  void elasticsearchIsAskedForTheNewestLineOfAService() {
    says(
        """
        {"took":3,"timed_out":false,"_shards":{"total":2,"successful":2,"skipped":0,"failed":0},
         "hits":{"total":{"value":4211,"relation":"eq"},"max_score":null,"hits":[
          {"_index":"logs-app-2026.11.23","_id":"x","_score":null,
           "fields":{"@timestamp":["2026-11-23T02:15:28.500Z"]},"sort":[1795400128500]}]}}
        """);

    assertThat(elasticsearch().newest("perception", SINCE))
        .isEqualTo(answered(Optional.of(Instant.parse("2026-11-23T02:15:28.500Z"))));
    assertThat(asked().text()).startsWith("/logs-*/_search");
    assertThat(asked().body())
        .contains("{\"match_phrase\":{\"kubernetes.labels.app\":\"perception\"}}")
        .contains("{\"range\":{\"@timestamp\":{\"gte\":\"2026-11-23T02:10:30Z\"}}}")
        .contains("\"sort\":[{\"@timestamp\":{\"order\":\"desc\"}}]");
    assertThat(asked().headers()).containsEntry("Content-type", List.of("application/json"));
  }

  @Test
  void elasticsearchHoldsNothingOfAServiceThatItGotNoLineOf() {
    says(
        "{\"timed_out\":false,\"hits\":{\"total\":{\"value\":0,\"relation\":\"eq\"},\"hits\":[]}}");

    assertThat(elasticsearch().newest("perception", SINCE)).isEqualTo(answered(Optional.empty()));
  }

  @Test
  void elasticsearchCountsLinesThatSayError() {
    says(
        "{\"timed_out\":false,\"hits\":{\"total\":{\"value\":9,\"relation\":\"eq\"},\"hits\":[]}}");

    assertThat(elasticsearch().errors("perception", FIVE_MINUTES)).isEqualTo(answered(9.0));
    assertThat(asked().body())
        .contains("\"minimum_should_match\":1")
        .contains("{\"terms\":{\"log.level\":[\"ERROR\",\"error\"]}}")
        .contains("{\"match_phrase\":{\"message\":\"ERROR\"}}");
  }

  @Test
  void elasticsearchThatSawOnlyAPartIsNoAnswer() {
    says("{\"timed_out\":true,\"hits\":{\"total\":{\"value\":0},\"hits\":[]}}");
    assertThat(elasticsearch().errors("perception", FIVE_MINUTES))
        .isInstanceOf(Asked.Unanswered.class);
    says("{\"_shards\":{\"failed\":1},\"hits\":{\"total\":{\"value\":0},\"hits\":[]}}");
    assertThat(elasticsearch().newest("perception", SINCE)).isInstanceOf(Asked.Unanswered.class);
    says("{\"hits\":{\"hits\":[{\"fields\":{\"@timestamp\":[\"today\"]}}]}}");
    assertThat(elasticsearch().newest("perception", SINCE)).isInstanceOf(Asked.Unanswered.class);
    says("{\"tagline\":\"You Know, for Search\"}");
    assertThat(elasticsearch().newest("perception", SINCE)).isInstanceOf(Asked.Unanswered.class);
  }

  private void says(String body) {
    server.answer(_ -> new Says(200, body));
  }

  private FakeServer.Request asked() {
    return server.requests().getLast();
  }

  private static <T> Asked<T> answered(T value) {
    return new Asked.Answered<>(value);
  }

  private Loki loki() {
    Map<String, String> labels = Map.of("app", "perception", "namespace", "b\"f");
    return new Loki(new Observability.Loki(reference(labels), "butterfly"), http, clock());
  }

  private Elasticsearch elasticsearch() {
    Map<String, String> labels = Map.of("kubernetes.labels.app", "perception");
    return new Elasticsearch(
        new Observability.Elasticsearch(reference(labels), "logs-*", "@timestamp"), http, clock());
  }

  private ServerReference reference(Map<String, String> labels) {
    return new ServerReference(server.url(), null, Map.of("perception", labels));
  }

  private static Clock clock() {
    return Clock.fixed(NOW, ZoneOffset.UTC);
  }
}
