package dev.chrysalis.engine;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a run will do, as data.
///
/// @param scenario what happened: `primary-lost`
/// @param stack the stack's name
/// @param summary one sentence for the person who approves it
/// @param expectedLoss what will be lost, in words with numbers
/// @param objective the recovery time objective of the scenario
/// @param steps in an order in which they could be done one after another
public record Plan(
    String scenario,
    String stack,
    String summary,
    String expectedLoss,
    Duration objective,
    List<Step> steps) {

  public Plan {
    steps = List.copyOf(steps);
    Set<String> before = new HashSet<>();
    for (Step step : steps) {
      if (!before.containsAll(step.after())) {
        throw new IllegalArgumentException("step " + step.id() + " waits for a later or no step");
      }
      if (!before.add(step.id())) {
        throw new IllegalArgumentException("two steps are named " + step.id());
      }
    }
  }

  /// How long the longest chain of steps should take.
  public Duration expected() {
    Map<String, Duration> ends = new HashMap<>();
    Duration longest = Duration.ZERO;
    for (Step step : steps) {
      Duration start =
          step.after().stream()
              .map(id -> ends.getOrDefault(id, Duration.ZERO))
              .max(Duration::compareTo)
              .orElse(Duration.ZERO);
      Duration end = start.plus(step.expected());
      ends.put(step.id(), end);
      longest = end.compareTo(longest) > 0 ? end : longest;
    }
    return longest;
  }
}
