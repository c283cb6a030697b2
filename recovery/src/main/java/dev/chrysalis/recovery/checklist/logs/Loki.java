package dev.chrysalis.recovery.checklist.logs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chrysalis.model.stack.Observability;
import dev.chrysalis.recovery.checklist.http.Asked;
import dev.chrysalis.recovery.checklist.http.BoundedHttp;
import dev.chrysalis.recovery.checklist.http.ObservingServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Grafana's Loki, by its HTTP API.
public final class Loki implements LogAggregator {
  private final Observability.Loki declared;
  private final ObservingServer server;
  private final Clock clock;

  public Loki(Observability.Loki declared, BoundedHttp http, Clock clock) {
    this.declared = declared;
    Map<String, String> headers =
        declared.tenant().map(t -> Map.of("X-Scope-OrgID", t)).orElse(Map.of());
    this.server = new ObservingServer("Loki", declared.server(), headers, http);
    this.clock = clock;
  }

  @Override
  public String name() {
    return "Loki";
  }

  @Override
  public Asked<Optional<Instant>> newest(String service, Instant since) {
    String path =
        "/loki/api/v1/query_range?limit=1&direction=backward&start=%d&end=%d&query=%s"
            .formatted(nanos(since), nanos(clock.instant()), encoded(selector(service)));
    return result(path).then(this::newest);
  }

  private Asked<Optional<Instant>> newest(JsonNode streams) {
    long newest = 0;
    for (JsonNode stream : streams) {
      for (JsonNode line : stream.path("values")) {
        long at = line.path(0).asLong();
        if (at <= 0) {
          return server.misunderstood();
        }
        newest = Math.max(newest, at);
      }
    }
    return new Asked.Answered<>(
        newest == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(0, newest)));
  }

  @Override
  public Asked<Double> errors(String service, Duration time) {
    String query =
        "sum(count_over_time(%s |~ `%s` [%ds]))"
            .formatted(selector(service), ErrorLines.FORM, Math.max(1, time.toSeconds()));
    return result("/loki/api/v1/query?query=" + encoded(query)).then(this::sum);
  }

  private Asked<Double> sum(JsonNode vector) {
    double sum = 0;
    for (JsonNode one : vector) {
      double value = one.at("/value/1").asDouble(Double.NaN);
      if (Double.isNaN(value)) {
        return server.misunderstood();
      }
      sum += value;
    }
    return new Asked.Answered<>(sum);
  }

  private Asked<JsonNode> result(String path) {
    return server
        .get(path)
        .then(answer -> {
          JsonNode result = answer.at("/data/result");
          return answer.path("status").asText().equals("success") && result.isArray()
              ? new Asked.Answered<>(result)
              : server.misunderstood();
        });
  }

  private String selector(String service) {
    return declared.server().labelsOf(service, "app").entrySet().stream()
        .map(e -> e.getKey() + "=\"" + escaped(e.getValue()) + "\"")
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static String encoded(String query) {
    return URLEncoder.encode(query, StandardCharsets.UTF_8);
  }

  private static long nanos(Instant at) {
    return TimeUnit.SECONDS.toNanos(at.getEpochSecond()) + at.getNano();
  }
}
