package dev.chrysalis.recovery.checklist.logs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chrysalis.model.stack.Observability;
import dev.chrysalis.recovery.checklist.http.Asked;
import dev.chrysalis.recovery.checklist.http.BoundedHttp;
import dev.chrysalis.recovery.checklist.http.ObservingServer;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;

/// Elasticsearch or OpenSearch, by its search API.
public final class Elasticsearch implements LogAggregator {
  private static final String DATE = "strict_date_time";

  private final Observability.Elasticsearch declared;
  private final ObservingServer server;
  private final Clock clock;

  public Elasticsearch(Observability.Elasticsearch declared, BoundedHttp http, Clock clock) {
    this.declared = declared;
    this.server = new ObservingServer("Elasticsearch", declared.server(), Map.of(), http);
    this.clock = clock;
  }

  @Override
  public String name() {
    return "Elasticsearch";
  }

  @Override
  public Asked<Optional<Instant>> newest(String service, Instant since) {
    ObjectNode body = search(service, since, 1);
    body.putArray("sort").addObject().putObject(declared.time()).put("order", "desc");
    body.putArray("docvalue_fields").addObject().put("field", declared.time()).put("format", DATE);
    return ask(body).then(this::newest);
  }

  private Asked<Optional<Instant>> newest(JsonNode hits) {
    JsonNode lines = hits.path("hits");
    if (!lines.isArray()) {
      return server.misunderstood();
    }
    if (lines.isEmpty()) {
      return new Asked.Answered<>(Optional.empty());
    }
    try {
      String time = lines.path(0).path("fields").path(declared.time()).path(0).asText();
      return new Asked.Answered<>(Optional.of(OffsetDateTime.parse(time).toInstant()));
    } catch (DateTimeException e) {
      return server.misunderstood();
    }
  }

  @Override
  public Asked<Double> errors(String service, Duration time) {
    ObjectNode body = search(service, clock.instant().minus(time), 0);
    ObjectNode bool = (ObjectNode) body.at("/query/bool");
    bool.put("minimum_should_match", 1);
    ArrayNode should = bool.putArray("should");
    should.addObject().putObject("terms").putArray("log.level").add("ERROR").add("error");
    should.addObject().putObject("match_phrase").put("message", "ERROR");
    return ask(body)
        .then(hits -> {
          JsonNode total = hits.at("/total/value");
          return total.isIntegralNumber()
              ? new Asked.Answered<>(total.doubleValue())
              : server.misunderstood();
        });
  }

  private ObjectNode search(String service, Instant since, int size) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("size", size).put("track_total_hits", true).put("_source", false);
    body.put("timeout", "3s");
    ArrayNode filter = body.putObject("query").putObject("bool").putArray("filter");
    declared
        .server()
        .labelsOf(service, "service.name")
        .forEach((field, value) -> filter.addObject().putObject("match_phrase").put(field, value));
    filter.addObject().putObject("range").putObject(declared.time()).put("gte", since.toString());
    return body;
  }

  /// The hits; those of some shards only are no answer.
  private Asked<JsonNode> ask(ObjectNode body) {
    return server
        .post("/" + declared.index() + "/_search", "application/json", body.toString())
        .then(answer -> {
          if (answer.path("timed_out").asBoolean() || answer.at("/_shards/failed").asInt() > 0) {
            return new Asked.Unanswered<>("Elasticsearch could not search all shards in time");
          }
          return answer.path("hits").isObject()
              ? new Asked.Answered<>(answer.path("hits"))
              : server.misunderstood();
        });
  }
}
