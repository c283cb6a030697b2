package dev.chrysalis.recovery.checklist.metrics;

import dev.chrysalis.recovery.checklist.http.Asked;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A page of metrics in Prometheus' text format (also OpenMetrics').
///
/// @param counters the names of what is declared as a counter
public record Exposition(List<Sample> samples, Set<String> counters) {
  /// Requests that were answered, by status, as Micrometer counts them.
  public static final String REQUESTS = "http_server_requests_seconds_count";

  private static final Pattern COUNTER = Pattern.compile("# TYPE +(\\S+) +counter *");

  private static final Set<String> CLOCKS =
      Set.of("process_uptime_seconds", "process_cpu_seconds_total", "process_cpu_time_ns_total");

  public Exposition {
    samples = List.copyOf(samples);
    counters = Set.copyOf(counters);
  }

  /// Reads a page; one that is no page of metrics, or an empty one, is unanswered.
  public static Asked<Exposition> read(String text) {
    List<Sample> samples = new ArrayList<>();
    Set<String> counters = new HashSet<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (line.startsWith("# TYPE ")) {
        Matcher type = COUNTER.matcher(line);
        if (type.matches()) {
          counters.add(type.group(1));
        }
      } else if (!line.startsWith("#") && !line.isBlank()) {
        Optional<Sample> sample = SampleLine.read(line);
        if (sample.isEmpty()) {
          return new Asked.Unanswered<>("line " + number + " is not of Prometheus' format");
        }
        samples.add(sample.get());
      }
    }
    return samples.isEmpty()
        ? new Asked.Unanswered<>("no metrics on the page")
        : new Asked.Answered<>(new Exposition(samples, counters));
  }

  /// Whether something that only grows has grown since an earlier page: the process's uptime, or
  /// any counter. A page that is served from a cache does not.
  public boolean movedSince(Exposition earlier) {
    Map<Sample.Series, Double> before = earlier.values();
    return samples.stream()
        .filter(this::grows)
        .anyMatch(s -> before.containsKey(s.series()) && s.value() > before.get(s.series()));
  }

  private boolean grows(Sample s) {
    return CLOCKS.contains(s.name())
        || counters.contains(s.name())
        || (s.name().endsWith("_total") && counters.contains(withoutTotal(s.name())));
  }

  /// OpenMetrics declares a counter without the ending of its samples.
  private static String withoutTotal(String name) {
    return name.substring(0, name.length() - "_total".length());
  }

  /// Whether answered requests are counted here at all.
  public boolean countsRequests() {
    return samples.stream().anyMatch(s -> s.name().equals(REQUESTS));
  }

  /// How many requests were answered with 5xx since an earlier page of the same member. What a
  /// process that was restarted meanwhile counts happened meanwhile.
  public double serverErrorsSince(Exposition earlier) {
    Map<Sample.Series, Double> before = earlier.values();
    return samples.stream()
        .filter(s -> s.name().equals(REQUESTS))
        .filter(s -> s.labels().getOrDefault("status", "").matches("5[0-9][0-9]"))
        .mapToDouble(s -> grown(before.getOrDefault(s.series(), 0.0), s.value()))
        .sum();
  }

  private static double grown(double before, double now) {
    return now >= before ? now - before : now;
  }

  private Map<Sample.Series, Double> values() {
    Map<Sample.Series, Double> values = new HashMap<>();
    samples.forEach(s -> values.put(s.series(), s.value()));
    return values;
  }
}
