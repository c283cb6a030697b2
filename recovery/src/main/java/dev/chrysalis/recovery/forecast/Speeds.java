package dev.chrysalis.recovery.forecast;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/// How fast the newest runs of a stack were: of each action the median, so that one run on a bad
/// day does not count for more than it should.
public record Speeds(List<RunSpeeds> runs) {
  public Speeds {
    runs = List.copyOf(runs);
  }

  /// How long an action takes, without the moving of bytes; empty where no run has shown it.
  public Optional<Duration> of(String action) {
    return median(run -> Optional.ofNullable(run.seconds().get(action)))
        .map(s -> Duration.ofMillis(Math.round(s * 1000)));
  }

  /// How long an action takes that moves so many bytes; empty where no run has shown it.
  public Optional<Duration> of(String action, long bytes) {
    return median(run -> Optional.ofNullable(run.bytesPerSecond().get(action)))
        .flatMap(speed ->
            of(action).map(d -> d.plusMillis(Math.round(bytes / Math.max(1, speed) * 1000))));
  }

  /// The actions that take the same time whatever the size of the data, with that time.
  public Map<String, Duration> fixed() {
    Set<String> actions = new TreeSet<>();
    runs.forEach(run -> actions.addAll(run.seconds().keySet()));
    Map<String, Duration> fixed = new TreeMap<>();
    for (String action : actions) {
      if (!RunSpeeds.movesBytes(action)) {
        of(action).ifPresent(time -> fixed.put(action, time));
      }
    }
    return fixed;
  }

  private Optional<Double> median(Function<RunSpeeds, Optional<Double>> value) {
    List<Double> all = runs.stream().flatMap(run -> value.apply(run).stream()).sorted().toList();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() / 2));
  }
}
