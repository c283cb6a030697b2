package dev.chrysalis.cli.live;

import dev.chrysalis.engine.RunState;
import dev.chrysalis.engine.StepProgress;
import dev.chrysalis.engine.StepState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// How long a run will still take: the longest chain of what is left of its steps, by what the plan
/// expects of them, or by the speed of those that tell one.
record TimeLeft(RunState state, Map<String, Flow> flows, Instant now) {
  Duration estimate() {
    Map<String, Duration> ends = new HashMap<>();
    Duration longest = Duration.ZERO;
    for (StepProgress step : state.steps()) {
      Duration end = startOf(step, ends).plus(left(step));
      ends.put(step.step().id(), end);
      longest = end.compareTo(longest) > 0 ? end : longest;
    }
    return longest;
  }

  private static Duration startOf(StepProgress step, Map<String, Duration> ends) {
    return step.step().after().stream()
        .map(id -> ends.getOrDefault(id, Duration.ZERO))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  private Duration left(StepProgress step) {
    if (step.state() == StepState.DONE) {
      return Duration.ZERO;
    }
    Flow flow = flows.get(step.step().id());
    if (flow != null && flow.left(now).isPresent()) {
      return flow.left(now).get();
    }
    Duration expected = step.step().expected();
    Duration passed = step.beganAt().map(at -> Duration.between(at, now)).orElse(Duration.ZERO);
    return passed.compareTo(expected) > 0 ? Duration.ZERO : expected.minus(passed);
  }
}
