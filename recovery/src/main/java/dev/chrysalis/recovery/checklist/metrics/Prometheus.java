package dev.chrysalis.recovery.checklist.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chrysalis.model.stack.Observability;
import dev.chrysalis.recovery.checklist.http.Asked;
import dev.chrysalis.recovery.checklist.http.BoundedHttp;
import dev.chrysalis.recovery.checklist.http.ObservingServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What a Prometheus server knows of services. Ages are by its own clock. Safe for many threads.
public final class Prometheus {
  private static final String DAY_BEFORE = " offset 1d";

  private final Observability.Prometheus declared;
  private final ObservingServer server;

  public Prometheus(Observability.Prometheus declared, BoundedHttp http) {
    this.declared = declared;
    this.server = new ObservingServer("Prometheus", declared.server(), Map.of(), http);
  }

  /// What it scrapes of a service.
  ///
  /// @param up whether its newest scrape succeeded
  /// @param age of its newest sample
  public record Target(String instance, boolean up, Duration age) {}

  /// How old the newest sample of a target may be.
  public Duration fresh() {
    return declared.fresh();
  }

  /// The service as the server is asked for it: `job="perception"`.
  public String selector(String service) {
    return declared.server().labelsOf(service, "job").entrySet().stream()
        .map(e -> e.getKey() + "=" + quoted(e.getValue()))
        .collect(Collectors.joining(","));
  }

  /// The targets of a service; none where it scrapes none, or has no sample of the last minutes.
  public Asked<List<Target>> targets(String service) {
    String up = "up{" + selector(service) + "}";
    return query(up).then(found -> query("timestamp(" + up + ")").map(at -> targets(found, at)));
  }

  private static List<Target> targets(List<Value> up, List<Value> times) {
    Map<Map<String, String>, Value> newest = new HashMap<>();
    times.forEach(t -> newest.put(t.labels(), t));
    List<Target> targets = new ArrayList<>();
    for (Value target : up) {
      Value time = newest.get(target.labels());
      if (time != null) {
        targets.add(
            new Target(
                target.labels().getOrDefault("instance", "a target"),
                target.value() == 1,
                Duration.ofMillis(Math.round((time.at() - time.value()) * 1000))));
      }
    }
    return targets;
  }

  /// How many requests a service answered with 5xx in the time up to now. Unanswered where the
  /// server did not see the whole of it.
  public Asked<Double> serverErrors(String service, Duration time) {
    String all = Exposition.REQUESTS + "{" + selector(service) + "}";
    String failed = Exposition.REQUESTS + "{" + selector(service) + ",status=~\"5..\"}";
    String before = " offset " + seconds(time) + "s";
    // A series that is new began with its first error, which increase() does not see.
    String grown =
        "sum(increase(%1$s[%2$ds]) and %1$s%3$s)".formatted(failed, seconds(time), before);
    String begun = "sum(%1$s unless %1$s%2$s)".formatted(failed, before);
    return query("count(count_over_time(%s[%ds]) > 1)".formatted(all, seconds(time)))
        .then(twice -> twice.isEmpty() ? unseen(time) : query("count(" + all + before + ")"))
        .then(there -> there.isEmpty() ? unseen(time) : query(grown))
        .then(old -> query(begun).map(young -> sum(old) + sum(young)));
  }

  private static Asked<List<Value>> unseen(Duration time) {
    return new Asked.Unanswered<>(
        "Prometheus did not scrape " + Exposition.REQUESTS + " for all " + time.toSeconds() + " s");
  }

  /// The rate of the same a day before, per minute over an hour. Unanswered where it was not there.
  public Asked<Double> serverErrorsADayBefore(String service) {
    String all = Exposition.REQUESTS + "{" + selector(service);
    return query("count(" + all + "}" + DAY_BEFORE + ")")
        .then(there ->
            there.isEmpty()
                ? new Asked.Unanswered<>("Prometheus holds nothing of a day before")
                : query("60 * sum(rate(" + all + ",status=~\"5..\"}[1h]" + DAY_BEFORE + "))"))
        .map(Prometheus::sum);
  }

  private static double sum(List<Value> values) {
    return values.stream().mapToDouble(Value::value).sum();
  }

  private static long seconds(Duration time) {
    return Math.max(1, time.toSeconds());
  }

  /// @param at when it was evaluated, by the server's clock
  private record Value(Map<String, String> labels, double at, double value) {}

  private Asked<List<Value>> query(String promql) {
    String query = URLEncoder.encode(promql, StandardCharsets.UTF_8);
    return server.get("/api/v1/query?timeout=3s&query=" + query).then(this::values);
  }

  private Asked<List<Value>> values(JsonNode answer) {
    JsonNode result = answer.at("/data/result");
    if (!answer.path("status").asText().equals("success") || !result.isArray()) {
      return server.misunderstood();
    }
    List<Value> values = new ArrayList<>();
    for (JsonNode one : result) {
      Map<String, String> labels = new HashMap<>();
      one.path("metric").properties().stream()
          .filter(e -> !e.getKey().equals("__name__"))
          .forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
      double value = one.at("/value/1").asDouble(Double.NaN);
      if (!one.at("/value/0").isNumber() || Double.isNaN(value)) {
        return server.misunderstood();
      }
      values.add(new Value(labels, one.at("/value/0").doubleValue(), value));
    }
    return new Asked.Answered<>(values);
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }
}
