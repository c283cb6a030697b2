package dev.chrysalis.model.stack;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A stateless program of the stack.
///
/// @param workload the platform's name for it
/// @param needs datastores and services that it cannot work without
/// @param replicas how many there ought to be; 0 where only what was observed counts
/// @param health the path of its readiness endpoint
/// @param startsWithin how long a member may take until it is ready
/// @param metricsOrNull the path under which it shows its metrics in Prometheus' format, if any
/// @param samples requests that show that it works
public record Service(
    String name,
    String workload,
    List<String> needs,
    int replicas,
    int port,
    String health,
    Duration startsWithin,
    @Nullable String metricsOrNull,
    List<SampleRequest> samples) {
  public Optional<String> metrics() {
    return Optional.ofNullable(metricsOrNull);
  }
}
